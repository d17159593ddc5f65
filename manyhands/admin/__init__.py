"""What an operator does to a stack: its groups, its people, their room. Needs boto3."""
