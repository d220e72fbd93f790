"""moto_process.py PORT: moto's server, but one request at a time: DynamoDB's writes and
transactions are atomic, moto's own threads run into each other. And quicker, with the same answers:
for each part of a transaction moto copies the whole table, in case that it fails; it looks for an
attribute's value under a dozen names, and counts a queue's messages at each call."""

import copy
import functools
import logging
import os
import sys
import threading

from moto import backends
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import unix_time_millis
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.sqs import models as sqs
from moto.sqs.models import Queue
from werkzeug.serving import run_simple


class OneAtATime:
    def __init__(self, application):
        self.application = application
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            return list(self.application(environ, start_response))


class Touched:
    """An item that a transaction may change, as it was."""

    def __init__(self, table, values):
        self.table = table
        self.hash = DynamoType(values[table.hash_key_attr])
        self.range = DynamoType(values[table.range_key_attr]) if table.has_range_key else None
        self.item = copy.deepcopy(table.get_item(self.hash, self.range))

    def restore(self):
        items = self.table.items
        if self.item is None:
            if self.table.get_item(self.hash, self.range) is not None:
                self.table.delete_item(self.hash, self.range)
        elif self.range is None:
            items[self.hash] = self.item
        else:
            items[self.hash][self.range] = self.item


transact = DynamoDBBackend.transact_write_items


def transact_write_items(backend, transact_items):
    touched = []
    for part in transact_items:
        operation = next(iter(part.values()))
        table = backend.tables.get(operation.get("TableName"))
        if table:
            touched.append(Touched(table, operation.get("Item") or operation["Key"]))
    Table.__deepcopy__ = lambda table, _: table
    try:
        transact(backend, transact_items)
    except BaseException:
        for one in touched:
            one.restore()
        raise
    finally:
        del Table.__deepcopy__


def counted(wanted):
    """A property of a queue: how many of its messages are so. moto asks at each call for all three,
    and for the time anew at each message."""
    def count(queue):
        now = unix_time_millis()
        return sum(wanted(message, now) for message in queue._messages)
    return property(count)


def is_delayed(message, now):
    return now < message.delayed_until


def is_hidden(message, now):
    return now <= message.visible_at


structure = BaseJSONSerializer._serialize_type_structure


def serialize_structure(serializer, serialized, value, shape, key):
    """An attribute's value is already as it goes over the wire."""
    if shape.name == "AttributeValue" and isinstance(value, dict):
        serializer._default_serialize(serialized, value, shape, key)
    else:
        structure(serializer, serialized, value, shape, key)


BaseJSONSerializer._serialize_type_structure = serialize_structure
# It reads its own folder at each request, and all attributes of a queue at each message.
modules = tuple(backends.list_of_moto_modules())
backends.list_of_moto_modules = lambda: modules
sqs.camelcase_to_underscores = functools.cache(sqs.camelcase_to_underscores)
sqs.SQSBackend.is_message_valid_based_on_retention_period = lambda *_: True
Queue.approximate_number_of_messages_delayed = counted(is_delayed)
Queue.approximate_number_of_messages_not_visible = counted(is_hidden)
Queue.approximate_number_of_messages = counted(
    lambda message, now: not is_delayed(message, now) and not is_hidden(message, now))
DynamoDBBackend.transact_write_items = transact_write_items
# Tests empty their queues as often as they like; AWS allows it once a minute.
os.environ["MOTO_SQS_ENFORCE_STRICT_QUEUE_PURGE_BEHAVIOUR"] = "false"
logging.getLogger("werkzeug").setLevel(logging.ERROR)
run_simple("127.0.0.1", int(sys.argv[1]),
           OneAtATime(DomainDispatcherApplication(create_backend_app)), threaded=True)
