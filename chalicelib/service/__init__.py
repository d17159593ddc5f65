"""The use cases: what the server does, told through its ports.

``core`` holds what all of them need and the one way to change an upload; ``creating``, ``boards``
and ``uploads`` answer people; ``assembling``, ``notifying`` and ``sweeping`` answer the stream and
the schedule. Nothing here knows HTTP, DynamoDB or S3.
"""
