"""A stand-in for AWS End User Messaging SMS, which moto lacks: it takes SendTextMessage, checks its
signature with botocore's signer and its members with botocore's model, and answers as the model
says. Loopback only."""

import json
import uuid

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.validate import ParamValidator
from proxy import Proxy

MODEL = botocore.session.get_session().get_service_model("pinpoint-sms-voice-v2")
SEND = MODEL.operation_model("SendTextMessage")


def validate_request(text):
    """A list of what the model does not like."""
    parameters = json.loads(text)
    return ParamValidator().validate(parameters, SEND.input_shape).generate_report()


class EndUserMessaging(Proxy):
    """`refusals`: by phone number, an error's code and its members: {"Reason": …}."""

    def __init__(self, environment, refusals=None):
        super().__init__(behind_port=None)  # there is nothing behind
        self.credentials = Credentials(environment["AWS_ACCESS_KEY_ID"],
                                       environment["AWS_SECRET_ACCESS_KEY"],
                                       environment.get("AWS_SESSION_TOKEN"))
        self.region = environment["AWS_REGION"]
        self.refusals = refusals or {}
        self.sent = []       # what was taken, each with its MessageId
        self.problems = []   # what a real service would not have understood

    def serve(self, handler, body):
        report = validate_request(body)
        if handler.headers["X-Amz-Target"] != "PinpointSMSVoiceV2.SendTextMessage" or report:
            self.problems.append(report or handler.headers["X-Amz-Target"])
            return self.refuse(handler, "ValidationException", {"Reason": "UNKNOWN_OPERATION"})
        if not self.is_signed(handler, body):
            self.problems.append("signature")
            return self.refuse(handler, "AccessDeniedException", {})
        request = json.loads(body)
        refusal = self.refusals.get(request["DestinationPhoneNumber"])
        if refusal:
            return self.refuse(handler, *refusal)
        message_id = str(uuid.uuid4())
        self.sent.append(request | {"MessageId": message_id})
        return self.answer(handler, 200, json.dumps({"MessageId": message_id}).encode())

    def refuse(self, handler, code, members):
        shape = MODEL.shape_for(code)
        assert set(members) <= set(shape.members), (code, members)
        status = shape.metadata.get("error", {}).get("httpStatusCode", 400)
        self.answer(handler, status, json.dumps(
            {"__type": f"com.amazonaws.sms#{code}", "Message": "m"} | members).encode())

    def is_signed(self, handler, body):
        """Whether botocore signs the same request the same way."""
        given = handler.headers["Authorization"]
        names = given.split("SignedHeaders=")[1].split(",")[0].split(";")
        request = AWSRequest("POST", self.url + handler.path, data=body,
                             headers={n: handler.headers[n] for n in names if n != "host"})
        request.context["timestamp"] = handler.headers["X-Amz-Date"]
        signer = SigV4Auth(self.credentials, MODEL.signing_name, self.region)
        canonical = signer.canonical_request(request)
        signature = signer.signature(signer.string_to_sign(request, canonical), request)
        return given.endswith("Signature=" + signature)


def text_event(sent, status, final=True, price=0.00645):
    """The event that follows a message. Source: user guide, "Example event data for SMS"."""
    return {"eventType": f"TEXT_{status}", "eventVersion": "1.0", "eventTimestamp": 1795651200000,
            "isFinal": final, "originationPhoneNumber": "+12065550152",
            "destinationPhoneNumber": sent["DestinationPhoneNumber"], "isInternationalSend": False,
            "mcc": "310", "mnc": "800", "messageId": sent["MessageId"],
            "messageRequestTimestamp": 1795651199000, "messageEncoding": "GSM",
            "messageType": sent["MessageType"], "messageStatus": status,
            "messageStatusDescription": "d", "context": sent["Context"], "totalMessageParts": 1,
            "totalMessagePrice": price, "totalCarrierFee": 0.003}


def sns_event(documents):
    """What an SNS topic hands to a function."""
    return {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0",
                         "Sns": {"Type": "Notification", "MessageId": str(uuid.uuid4()),
                                 "Message": json.dumps(document)}} for document in documents]}
