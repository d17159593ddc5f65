"""What the event Lambdas do. They are declared in ``app.py``: in a blueprint they would be
packaged as modules of their own, and ``app.py`` would never be imported."""
