"""The wired triggers: the big button, the cancel button, the pull cord, a detector's contact.

Rules:
- A press acts on its first edge: while the contact is still active when this program looks, nothing is waited for. One
  that is over already counts where its edges are `SHORTEST_PRESS_S` apart or more; what is shorter is noise.
- A press is over when the contact has rested for `REST_S`: a bouncing contact is one press, two 150 ms apart are two.
- A loop that is closed at rest is activated by whatever opens it, a cut wire too.
- A contact that is active at start is reported as that, not as a press; after its release it is one like any other.
- The library's callbacks only enqueue, with the kernel's time of the edge. One thread decides. It also reads each level
  every `LOOK_EVERY_S`, so that a lost edge is found, and beats the pulse only where every opened input was really read.
- An input that cannot be opened is told and takes no other with it.

How it is built, from the door inwards: `adapter` speaks with the runtime; `debounce` decides what edges amount to;
`line` is one pin of gpiozero.
"""

from device.adapters.trigger_button.adapter import TriggerButtons
from device.adapters.trigger_button.line import Input

__all__ = ["Input", "TriggerButtons"]
