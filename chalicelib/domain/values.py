"""A frozen value with some of its fields changed, as ``dataclasses.replace`` makes it, but quickly.

That one asks for every field by its name and runs the constructor, which sets each of them through
``object.__setattr__``: 4 µs for an upload. Values here have nothing that a constructor would do, so
a copy of their fields is the same, in an eighth of the time. Their classes have no ``__slots__``
for that, and those that are changed no cached properties, which would be copied as well. Whether
the names and types of fields are right is checked statically.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import replace as replace
else:

    def replace(value, /, **changes):
        new = object.__new__(type(value))
        fields = new.__dict__
        fields.update(value.__dict__)
        fields.update(changes)
        return new
