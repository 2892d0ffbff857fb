"""What an installer asks first: is this unit well, and where it is not, what is to be done?

`examination` looks at everything and at each door; `sound` is what belongs to words, sound cards and voice; `finding`
is one line of the answer.
"""

from device.doctor.examination import examine
from device.doctor.finding import Finding, Verdict

__all__ = ["Finding", "Verdict", "examine"]
