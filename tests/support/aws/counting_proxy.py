"""A proxy before moto that counts what AWS would bill: calls by service and operation, DynamoDB's
write and read units with transactions and indexes."""

import json
import math
import urllib.parse

from proxy import Proxy

WRITES = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}


def value_size(value):
    """Octets of an attribute's value, as DynamoDB counts them (developer guide, "Item sizes")."""
    (kind, content), = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return math.ceil(len(content.strip("-").replace(".", "")) / 2) + 1 + content.startswith("-")
    if kind == "BOOL":
        return 1
    if kind == "L":
        return 3 + sum(1 + value_size(v) for v in content)
    return 3 + sum(1 + len(k.encode()) + value_size(v) for k, v in content.items())


def item_size(item):
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def write_units(size):
    return max(1, math.ceil(size / 1024))


def read_units(size):
    """Strongly consistent; half of it where that is not needed."""
    return max(1, math.ceil(size / 4096))


class CountingProxy(Proxy):
    """`tables`: the CreateTable requests, for keys and indexes."""

    def __init__(self, aws, tables):
        super().__init__(aws.port)
        self.tables = {t["TableName"]: t for t in tables}
        self.dynamodb = aws.client("dynamodb")
        self.calls, self.write_units, self.read_units = {}, {}, 0.0

    def serve(self, handler, body):
        service, operation = self.name_of(handler, body)
        with self.lock:  # one at a time, so that before and after belong to one write
            self.calls[service, operation] = self.calls.get((service, operation), 0) + 1
            request = json.loads(body) if service == "DynamoDB" else None
            before = self.touched(operation, request) if request else {}
            status, content, kind = self.pass_on(handler, body)
            if request and status == 200:
                self.count_units(operation, request, before, json.loads(content))
            elif request and before:
                # A condition that fails is billed like the write.
                self.add("refused", sum(write_units(item_size(i or {})) for i in before.values()))
        self.answer(handler, status, content, kind)

    @staticmethod
    def name_of(handler, body):
        target = handler.headers.get("X-Amz-Target", "")
        if target:
            service, operation = target.split(".")
            return {"DynamoDB_20120810": "DynamoDB", "AmazonSQS": "SQS"}.get(service, service), \
                operation
        if body.startswith(b"Action="):
            return "SNS", urllib.parse.parse_qs(body.decode())["Action"][0]
        return "SES", "SendEmail"

    def actions(self, operation, request):
        """(kind, table, key) of all writes in a request."""
        if operation in WRITES:
            return [(WRITES[operation], request)]
        if operation == "TransactWriteItems":
            return [next(iter(action.items())) for action in request["TransactItems"]]
        if operation == "BatchWriteItem":
            return [("Put", {"TableName": table, "Item": one["PutRequest"]["Item"]})
                    for table, all_of_them in request["RequestItems"].items()
                    for one in all_of_them]
        return []

    def key_of(self, action):
        schema = self.tables[action["TableName"]]["KeySchema"]
        source = action.get("Key") or action["Item"]
        return {k["AttributeName"]: source[k["AttributeName"]] for k in schema}

    def read(self, table, key):
        return self.dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")

    def touched(self, operation, request):
        """The items before a write, by place in the request."""
        return {i: self.read(action["TableName"], self.key_of(action))
                for i, (_, action) in enumerate(self.actions(operation, request))}

    def add(self, what, units):
        self.write_units[what] = self.write_units.get(what, 0) + units

    def count_units(self, operation, request, before, answer):
        factor = 2 if operation == "TransactWriteItems" else 1
        for i, (kind, action) in enumerate(self.actions(operation, request)):
            old = before[i]
            new = old if kind == "ConditionCheck" else \
                self.read(action["TableName"], self.key_of(action))
            size = max(item_size(old or {}), item_size(new or {}))
            self.add(action["TableName"], factor * write_units(size))
            if kind != "ConditionCheck":
                self.add_indexes(action["TableName"], old, new)
        if operation == "BatchGetItem":
            self.read_units += self.units_of_batch(request, answer)
        elif operation in ("Query", "Scan"):  # all items of a page together, eventually consistent
            size = sum(item_size(item) for item in answer["Items"])
            self.read_units += 0.5 * read_units(size)

    @staticmethod
    def units_of_batch(request, answer):
        """Each key costs at least a unit, be there an item or not."""
        keys = sum(len(of["Keys"]) for of in request["RequestItems"].values())
        found = sum(answer["Responses"].values(), [])
        return sum(read_units(item_size(item)) for item in found) + keys - len(found)

    def add_indexes(self, table, old, new):
        """A changed key is a delete and a put; what an index does not hold costs nothing there."""
        for index in self.tables[table].get("GlobalSecondaryIndexes", []):
            keys = [k["AttributeName"] for k in index["KeySchema"]]
            seen = [self.projected(index, keys, table, item) for item in (old, new)]
            if seen[0] == seen[1]:
                continue
            same_key = seen[0] and seen[1] and all(seen[0][k] == seen[1][k] for k in keys)
            sizes = [write_units(item_size(item)) for item in seen if item]
            self.add("index " + index["IndexName"], max(sizes) if same_key else sum(sizes))

    def projected(self, index, keys, table, item):
        if not item or any(k not in item for k in keys):
            return None
        projection = index["Projection"]
        if projection["ProjectionType"] == "ALL":
            return item
        names = set(keys) | set(projection.get("NonKeyAttributes", [])) | \
            {k["AttributeName"] for k in self.tables[table]["KeySchema"]}
        return {name: item[name] for name in names if name in item}
