"""What nodes say when the author wrote nothing for the case, in the language of the turn (see `saying`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .saying import ENGLISH, say, spoken

if TYPE_CHECKING:
    from collections.abc import Sequence


def too_many_tries(what: str) -> str:
    sentence = (
        "I could not understand an answer for “{what}”, so I stopped here. Nothing was done. Start again any time."
    )
    return say(sentence, what=what)


def going_on_without(what: str, reason: str) -> str:
    return say("{reason} I go on without “{what}”.", reason=reason, what=what)


def did_you_mean(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return say("Did you mean “{title}”?", title=titles[0])
    return f"{which_one()} {numbered(titles)}"


def yes_and_no() -> tuple[tuple[str, str], ...]:
    """Quick replies to a question of the platform's own."""
    return ((say("Yes"), "yes"), (say("No"), "no"))


def numbered(titles: Sequence[str]) -> str:
    """The titles with numbers to answer by."""
    return " ".join(f"{number}) {title}" for number, title in enumerate(titles, start=1))


def which_one() -> str:
    return say("Which one do you mean?")


def say_more() -> str:
    return say("Say “more” for the rest.")


def none_of_those() -> str:
    return say("That is none of those.")


def nothing_found(typed: str) -> str:
    return say("I found nothing for “{typed}”.", typed=typed[:60])


def is_it(what: str, value: str) -> str:
    return say("{what}: {value}. Is that right?", what=what[:1].upper() + what[1:], value=value)


def not_taken() -> str:
    return say("Then I did not take it.")


def not_looked_up(what: str, why: str) -> str:
    return f"{say('I could not look up what there is for “{what}” just now.', what=what)} {why}".strip()


def taken_unchecked(reason: str, words: str) -> str:
    sentence = "{reason} I take “{words}” as you wrote it; whether there is such a one is not checked."
    return say(sentence, reason=reason, words=words[:60])


def until_when(what: str) -> str:
    return say("And what is the last day of “{what}”?", what=what)


def unclear_yes_or_no() -> str:
    return say("I did not understand that. Please answer yes or no.")


def nothing_to_say(node: str) -> str:
    sentence = (
        "This is done, but there are no words for its result (message “{node}”). The App's developers can add them."
    )
    return say(sentence, node=node)


def authorize_first() -> str:
    return say("I need your permission for this first.")


def script_failed() -> str:
    return say("A script of this dialog did not work, so I stopped here. What was done before it stays done.")


def call_failed(outcome: str, what: str) -> str:
    """What happened, what was not done, who can mend it: for a call that got no usable answer."""
    match outcome:
        case "unreachable":
            sentence = say(
                "“{what}” could not be reached, so nothing was changed there. Try again later; if it stays so, tell "
                "the App's owner.",
                what=what,
            )
        case "timed_out":
            sentence = say(
                "“{what}” did not answer in time, and as far as is known nothing was changed there. Try again later; "
                "if it stays so, tell the App's owner.",
                what=what,
            )
        case "unknown":
            sentence = say(
                "The answer of “{what}” was lost on the way, so it is not known whether it was done. It was not tried "
                "again. Please look there before you repeat it.",
                what=what,
            )
        case _:
            sentence = say(
                "“{what}” was not carried out: this App may not do it as it is set up. Its owner can mend that.",
                what=what,
            )
    return sentence


#: Choices that are said in a sentence; of more, the first few are.
MOST_SAID = 12
SOME = 8


def asked_of(kind: str, offered: str) -> str:
    """What is asked of a value of this type, or of one among what is offered."""
    if offered:
        return f"{offered}?"
    # Made at each call, since they are said in the language of the turn.
    asked = {
        "number": say("Which number?"),
        "date": say("Which day?"),
        "date_time": say("Which day, and what time?"),
        "time": say("What time?"),
        "url": say("What is its address, with https:// at the beginning?"),
        "description": say("What shall it say?"),
        "email": say("Which e-mail address?"),
    }
    return asked.get(kind) or say("What shall it be?")


def field_question(title: str, asked: str, *, many: bool, optional: bool) -> str:
    """A question for a field that only its description tells about."""
    parts = [say("I also need “{title}”. {asked}", title=title, asked=asked)]
    if many:
        parts.append(say("You can name several, with commas between them."))
    if optional:
        parts.append(say("Say “skip” to leave it empty."))
    return " ".join(parts)


def choices(titles: Sequence[str]) -> str:
    """What there is to choose from, as a part of a question."""
    if len(titles) > MOST_SAID:
        return say("{some} or one of {count} others", some=", ".join(titles[:SOME]), count=len(titles) - SOME)
    if len(titles) > 1:
        return say("{some} or {last}", some=", ".join(titles[:-1]), last=titles[-1])
    return titles[0] if titles else ""


def not_a_value(part: str) -> str:
    line = " ".join(part.split())
    return say("“{line}” is none of the values.", line=line[:60])


def cannot_be_asked(titles: Sequence[str]) -> str:
    names = ", ".join(f"“{title}”" for title in titles)
    return say(
        "{names} must be filled in, and that cannot be asked in a chat. Nothing was done. Do it in the system itself, "
        "or ask its administrator to give the field a default.",
        names=names,
    )


def fields_unreadable(what: str) -> str:
    sentence = "I could not find out what “{what}” has to ask, so I stopped here. The App's developers can mend that."
    return say(sentence, what=what)


def waiting_for(what: str) -> str:
    return say(
        "I asked “{what}” and wait for the answer. I go on from here by myself; say “cancel” to stop.", what=what
    )


def still_waiting_for(what: str) -> str:
    return say("I am still waiting for “{what}”. I go on from here by myself; say “cancel” to stop.", what=what)


def no_callback(what: str) -> str:
    return say(
        "“{what}” took the request and did not answer in time, so I did not wait any longer. Whether it was carried "
        "out is not known. Please look there before you repeat it.",
        what=what,
    )


def webhook_failed(outcome: str, what: str) -> str:
    """The same for a webhook, which may also have said no."""
    if outcome == "answered":
        sentence = "“{what}” refused the request, so I stopped here. The App's developers can find out why."
        return say(sentence, what=what)
    return call_failed(outcome, what)


def no_form(what: str) -> str:
    return say("I could not make a page for “{what}”, so I stopped here. Please tell the App's owner.", what=what)


def fill_in(what: str) -> str:
    return say("Please fill in “{what}”.", what=what)


def form_link(words: str, url: str, minutes: int) -> str:
    """Where the form is; ``minutes`` is how long the link still works."""
    sentence = "{words} {url} (it works for {time}; I go on by myself once you have sent it)"
    return say(sentence, words=words, url=url, time=spell_out(minutes))


def spell_out(minutes: int) -> str:
    """A span of time in its largest unit."""
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}" + ("s" if count > 1 else "") if spoken() == ENGLISH else _in_words(count, unit)
    return say("less than a minute")


def _in_words(count: int, unit: str) -> str:
    # A tenth of a second to import, and English does without.
    from babel.units import format_unit

    return format_unit(count, f"duration-{unit}", length="long", locale=spoken())


def still_waiting_for_form(what: str) -> str:
    return say("I am still waiting for “{what}”; say “cancel” to stop.", what=what)


def form_received(what: str) -> str:
    return say("Thank you, I have “{what}”.", what=what)


def form_expired(what: str) -> str:
    return say("“{what}” was not sent in time, so its link works no more and nothing of it was kept.", what=what)


def handed_over() -> str:
    return say("You are now talking to a person; I pass on what you write.")


def how_to_leave() -> str:
    return say("Say “exit” to leave.")


def left_agent() -> str:
    return say("You have left the chat with our team. What you write now comes to me again.")


def agent_gone() -> str:
    return say(
        "The chat with our team is over, so your last message was not passed on. What you write now comes to me again."
    )


def not_passed_on() -> str:
    return say(
        "Our team's desk did not answer, so your message may not have been passed on. Please send it again in a "
        "moment, or say “exit” to leave."
    )


def given_back(agent: str) -> str:
    return say("{agent} has given the conversation back to me.", agent=agent or say("Our team"))


def agent_closed(agent: str) -> str:
    sentence = "{agent} has ended the chat. What you write now comes to me again."
    return say(sentence, agent=agent or say("Our team"))


def silent_too_long() -> str:
    return say("Nobody wrote for a long time, so the chat with our team is over. What you write now comes to me again.")


def desk_unreachable() -> str:
    return say("Nobody of our team can be reached now, so nothing was handed over. Please try again later.")
