"""What the engine itself says, in the language of the turn (see `dialogs.nodes.saying`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from dialogs.nodes.phrases import numbered, spell_out
from dialogs.nodes.saying import say
from xoplatform.core.templating import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LISTED = 12
#: What a task may wait for.
Thing = Literal["authorization", "event"]


def too_long(size: int, most: int) -> str:
    return say(
        "Your message is {size:,} characters long; {most:,} is the most I can take. I did not read it, and we are "
        "where we were. Please send a shorter one.",
        size=size,
        most=most,
    )


def empty() -> str:
    return say("Your message was empty, so nothing was done. Please write what you mean.")


def not_understood(titles: Sequence[str]) -> str:
    if not titles:
        return say("I cannot do anything yet: no dialog of this App is published. Its developers can change that.")
    listed = ", ".join(titles[:MOST_LISTED])
    if len(titles) > MOST_LISTED:
        listed = say("{listed} and more", listed=listed)
    return say("I did not understand that, so nothing was done. What I can do: {listed}.", listed=listed)


def nothing_to_cancel(titles: Sequence[str]) -> str:
    told = say("There is nothing under way that I could stop.")
    return f"{told} {say('What I can do: {listed}.', listed=', '.join(titles[:MOST_LISTED]))}" if titles else told


def which(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return say("Do you want this: {title}?", title=titles[0])
    return say("Which of these do you want? {choices}", choices=numbered(titles))


def canceled(title: str) -> str:
    return say("I stopped “{title}” here. What was done before stays done; nothing more was.", title=title)


def with_outer(message: str, titles: Sequence[str]) -> str:
    """A task's last words, with what ends because it was a part of it."""
    if not titles:
        return message
    quoted = [f"“{title}”" for title in titles]
    if len(quoted) == 1:
        return say("{message} {title} ended with it, since this was a part of it.", message=message, title=quoted[0])
    sentence = "{message} {titles} ended with it, since this was a part of them."
    return say(sentence, message=message, titles=", ".join(quoted))


def not_started(what: str, obstacle: str) -> str:
    if obstacle == "too deep":
        return say(
            "At “{what}” too many dialogs would be inside each other, so I stopped here. What was done before stays "
            "done. The App's developers can mend it.",
            what=what,
        )
    return say(
        "“{what}” leads to a dialog that this App does not have ready, so I stopped here. What was done before stays "
        "done. The App's developers can publish it.",
        what=what,
    )


def gone(title: str) -> str:
    sentence = "“{title}” is no longer available, so I had to stop it here. Nothing more was done."
    return say(sentence, title=title or say("This dialog"))


def went_in_circles(title: str, most: int) -> str:
    return say(
        "“{title}” went through {most} steps without an end, so I stopped it. What was done before stays done. The "
        "App's developers can mend it.",
        title=title,
        most=most,
    )


def too_large(what: str) -> str:
    return say(
        "“{what}” gave me more data than I can work with, so I stopped here. What was done before stays done. The "
        "App's developers can ask for less at once.",
        what=what,
    )


def stay() -> str:
    """The way out of "which of these instead?"."""
    return say("Ignore that and continue")


def open_link(url: str, minutes: int, *, code_needed: bool) -> str:
    """Where to authorize; ``minutes`` is how long the link still works."""
    sentence = "Open this link to authorize, then I go on from here by myself: {url} (it works for {time})."
    told = say(sentence, url=url, time=spell_out(minutes))
    code = say("At the end the page shows a code of six characters; type it here.")
    return f"{told} {code}" if code_needed else told


def wait_for_others() -> str:
    return say("Once that is done I go on from here by myself; say “cancel” if you do not want to wait.")


def still_waiting() -> str:
    return say("I cannot go on before that.")


def link_ran_out() -> str:
    return say("The last link has run out, so here is a new one.")


def new_link() -> str:
    return say("Here is a new link.")


def no_code_shown() -> str:
    return say("If that is a code, it is not one that a page shows you now: it works for a few minutes, and only once.")


def wrong_code(tries_left: int) -> str:
    told = say("That is not the code, so nothing was connected.")
    left = say("1 try is left.") if tries_left == 1 else say("{count} tries are left.", count=tries_left)
    return f"{told} {left} {say('Please look at the page again and type the code that it shows.')}"


def no_more_tries() -> str:
    return say("That was not the code either, and no tries are left, so nothing was connected. Here is a new link.")


def waits_for(current: str, thing: Thing) -> str:
    """What a task waits for, so that another one would take its place."""
    if thing == "authorization":
        return say("“{current}” waits for your authorization.", current=current)
    return say("“{current}” waits for something from outside.", current=current)


def leave_for(current: str, other: str, thing: Thing) -> str:
    return f"{waits_for(current, thing)} {say('Shall I drop it and start “{other}” instead?', other=other)}"


def which_instead(current: str, choices: Sequence[str], thing: Thing) -> str:
    return f"{waits_for(current, thing)} {say('What shall I do?')} {numbered(choices)}"


def put_aside(title: str) -> str:
    return say("I put “{title}” aside and come back to it afterwards.", title=title)


def dropped(title: str) -> str:
    return say("“{title}” had waited longest, so I dropped it. What was done in it stays done.", title=title)


def back_to(title: str) -> str:
    return say("Back to “{title}”.", title=title)


def shall_go_on(title: str) -> str:
    return say("“{title}” is not finished. Shall I go on with it?", title=title)


def later(title: str) -> str:
    return say("“{title}” comes afterwards.", title=title)


def next_one(title: str) -> str:
    return say("Now “{title}”, as you asked.", title=title)


def too_many_wishes() -> str:
    return say("I cannot remember more for afterwards, so I left that out. Please ask for it again later.")


def ways_out(current: str, other: str) -> tuple[str, str, str]:
    start = say("Start “{other}” and come back", other=other)
    return start, say("Do it afterwards"), say("Go on with “{current}”", current=current)


def what_to_do(current: str, choices: Sequence[str]) -> str:
    return say("“{current}” is not finished. What shall I do? {choices}", current=current, choices=numbered(choices))


def readings(other: str) -> tuple[str, str]:
    return say("It is my answer"), say("Start “{other}”", other=other)


def which_reading(choices: Sequence[str]) -> str:
    return say("How do you mean that? {choices}", choices=numbered(choices))


def changed(what: str, value: Any) -> str:
    """That a value given earlier was changed; without it where it is not to be shown."""
    if value is None:
        return say("I changed “{what}”.", what=what)
    return say("I changed “{what}” to “{value}”.", what=what, value=as_text(value))


def timed_out(title: str, minutes: int) -> str:
    sentence = "We last spoke about “{title}” {time} ago, so I ended it. What was done before stays done."
    return say(sentence, title=title, time=spell_out(minutes))
