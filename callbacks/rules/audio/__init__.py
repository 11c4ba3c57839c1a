"""What a file claiming to be a recording really is: WAV, MP3 or Ogg, walked from the first byte to the last (SPEC CB-13).

Nothing is believed: every chunk, frame and page is visited and must lead exactly to the next, so that an archive, a page or a
program under another name, a header that promises more than there is, and a file with something behind its sound are refused.
"""

from callbacks.rules.audio.reading import Audio, NotAudio
from callbacks.rules.audio.telling import PROBLEMS, TYPES, examine

__all__ = ["PROBLEMS", "TYPES", "Audio", "NotAudio", "examine"]
