"""English words of demands: comparisons, negations, wishes, degrees and stop words, as data.

Every phrase is lower case, its words separated by one blank; hyphens count as blanks; phrases of a group are
separated by commas. A word that is not here, nor in the product's lexicon, is reported, never dropped.
"""

from __future__ import annotations

from collections.abc import Mapping

#: comparisons that stand before their number: operator to phrases
BEFORE: Mapping[str, str] = {
    "at most": """
        thinner than, no thicker than, not thicker than, sub, under, below, beneath, less than,
        smaller than, fewer than, up to, no more than, not more than,
        no greater than, not greater than, no bigger than, no larger than, not larger than, within, inside,
        limited to, restricted to, from exceeding, from going over, from going above, from getting over,
        capped at, cap of, south of, short of, shy of, as long as, as wide as, as high as, as tall as,
        as heavy as, a limit of at most,
        no further than, at or below, at or under, less than or equal to, lower than or equal to,
        equal to or less than, smaller than or equal to, at or less than, equal to or below, nothing over,
        nothing above, nothing beyond, anything up to, from being longer than, from being higher than,
        mustn't top, must not top, not top, cannot top, can't top, never top,
        from being wider than, free up to, is free up to, may grow to, can grow to, may go up to,
        can go up to, may rise to,
        may stretch to, can stretch to
    """,
    "at least": """
        thicker than, no thinner than, not thinner than, over, above, more than, greater than, larger than,
        bigger than, exceeding, exceeds, exceed, beyond,
        may exceed, can exceed, could exceed, might exceed, allowed to exceed, in excess of, at or above,
        as low as, as short as, as narrow as, as little as, as few as,
        at or over, greater than or equal to, more than or equal to, larger than or equal to,
        equal to or greater than, equal to or more than, at or more than, no less than, not less than,
        no fewer than, no tighter than, not tighter than, no smaller than, not smaller than,
        upwards of, from, north of, starting at,
        starting from, nothing under, nothing below, surpass, surpasses, past, may shrink to, can shrink to,
        may drop to, can drop to, may fall to,
        may go down to, can go down to
    """,
    "about": """
        about, around, roughly, approximately, approx, appr, circa, ca, nearly, almost, some, close to,
        near, in the region of, more or less, ~, ≈, in the order of, somewhere around, something like, est,
        c, estimated, nearer, nearer to, closer to, in the neighbourhood of, in the neighborhood of,
        approximate
    """,
    "exactly": """
        exactly, precisely, equal to, equals, fixed at, becomes, become, grows to, shrinks to, goes to,
        moves to, is set to, is to be, stays at, settles at, sits at, stands at, comes to, comes out at,
        comes in at, carried over at, carry over, carried over, locked at, locked to, fixed to, fixed, fix at,
        increased to, reduced to, raised to, lowered to, brought to, brought down to, trimmed to, widened to,
        shortened to, lengthened to, increase to, reduce to, lower to, shorten to, trim to,
        set to, set at, exact, frozen at
    """,
    "better than": "better than, no worse than, not worse than, as good as, beat, beats, beating",
    "worse than": "worse than",
    "steeper than": "steeper than, more upright than",
    "flatter than": "flatter than, slacker than, shallower than, more raked than, more laid back than",
    "limit": "down to, settle for, get by with, gets by with, make do with, makes do with",
}
#: those that stand behind it
AFTER: Mapping[str, str] = {
    "at most": """
        or less, or lower, or below, or under, or smaller, or shorter, or lighter, or fewer, or narrower,
        and no more, no more, not more, and not more, no longer, no wider, no higher, no taller, no heavier,
        not longer, not wider, not higher, not taller, not heavier, tops, and under, and below, and less,
        at the outside, as a maximum, or tighter, or closer, or thinner, as an upper limit,
        as the upper limit, or slimmer, as a ceiling, nothing beyond that, nothing beyond,
        never more, that is the cap, that's the cap, that is the ceiling, that's the ceiling,
        nothing above that, nothing more, not to be exceeded, not to be surpassed,
        must not be exceeded, may not be exceeded, is not to be exceeded, cannot be exceeded,
        none of these to be exceeded, none of them to be exceeded, none to be exceeded,
        none of which may be exceeded,
        never to be exceeded, must never be exceeded, is as long as it gets, is as tall as it gets,
        is as wide as it gets, is as heavy as it gets
    """,
    "at least": """
        or deeper, or thicker, or heavier, or stiffer, or more, or higher, or above, or greater,
        or over, or larger, or longer, or bigger, or taller,
        never less, that is the floor, that's the floor, that is the minimum, that's the minimum,
        or wider, and up, and above, and over, and more, upwards, no less, not less, and no less, no lower,
        not lower, as a minimum, as a lower limit, as the lower limit, not to be undercut,
        must not be undercut, may not be undercut, plus
    """,
    "steeper than": "or steeper",
    "flatter than": "or slacker, or flatter, or shallower",
    "about": "or so, ish, or thereabouts, thereabouts, approximately, approx, roughly, nominal",
    "exactly": "exactly, fixed, exact, sharp",
    "better than": "or better",
}
#: those that may stand on either side
EITHER: Mapping[str, str] = {
    "at most": """
        at most, at the most, at the very most, at the absolute most, cap, cap on, cap the, is the cap,
        absolute maximum, absolute max,
        at an absolute maximum, max, maximum, maximum of, a maximum of, max of, at maximum, at max, maxi,
        is the most we can have, is the most we can take, is the most allowed, the most we can have,
        the most we can take,
        is the ceiling,
        absolute ceiling, absolute limit, upper limit, upper limit of, upper bound, upper bound of, ceiling,
        ceiling of, maximum allowed,
        max allowed, maximum permitted, maximum permissible, max permissible, maximal, maximally, <=, <
    """,
    "at least": """
        at least, at the least, at the very least,
        at the very minimum, absolute minimum, absolute min, at a bare minimum, min,
        minimum, minimum of, a minimum of, min of, at minimum, at min, is the least we need,
        is the least we can accept, the least we can accept,
        is the floor, a floor of, floor of, lower limit, lower limit of,
        lower bound, lower bound of, minimum required, min required, minimal, minimally, >=, >
    """,
    "limit": """
        worst case, at worst, in the worst case, budget, hard stop, hard
        stop at, red line, red line at, redline, bottom line,
        stop at, is where i stop, is where we stop, is where it stops, is where it ends, limit, limit of,
        a limit of, hard limit, hard limit of
    """,
}
#: comparisons that name the dimension too: phrase to operator, and the axes (the one within reach is meant)
DIRECTED: Mapping[tuple[str, tuple[str, ...]], str] = {
    ("at least", ("long",)): "longer than, at least as long as",
    ("at most", ("long",)): "no longer than, not longer than, nothing longer than, at most as long as",
    ("at most", ("long", "tall")): "shorter than",
    ("at least", ("long", "tall")): "no shorter than, not shorter than",
    ("at least", ("wide",)): "wider than, broader than, no narrower than, at least as wide as",
    (
        "at most",
        ("wide",),
    ): "no wider than, not wider than, narrower than, slimmer than, no broader than, nothing wider than, "
    "at most as wide as",
    ("at least", ("tall",)): "taller than, higher than, no lower than, not lower than, "
    "at least as tall as, at least as high as",
    (
        "at most",
        ("tall",),
    ): "no taller than, not taller than, no higher than, not higher than, lower than, nothing taller than, "
    "nothing higher than, at most as tall as, at most as high as",
    ("at least", ("deep",)): "deeper than, at least as deep as",
    ("at most", ("deep",)): "no deeper than, not deeper than, nothing deeper than, at most as deep as",
    ("at least", ("heavy",)): "heavier than, no lighter than, at least as heavy as",
    ("at most", ("heavy",)): "no heavier than, not heavier than, lighter than, nothing heavier than, "
    "at most as heavy as",
}
#: what an adjective after a number means: "4.7 m long"
MEASURED_BY: Mapping[str, str] = {
    "long": "long, in length, of length",
    "wide": "wide, in width, broad, across",
    "tall": "tall, high, in height",
    "heavy": "heavy, in weight",
    "deep": "deep, in depth",
}
#: comparatives behind an amount: by so much more or less than something else
RELATIVE = """
    more, less, longer, shorter, wider, narrower, higher, lower, taller, lighter, heavier, bigger, smaller,
    larger, extra, additional, better, worse, more than, less than, longer than, shorter than, wider than,
    narrower than, higher than, lower than, taller than, lighter than, heavier than, bigger than,
    smaller than, larger than, better than, worse than, fewer, greater, greater than, deeper than,
    thicker than, thinner than,
    shallower than
"""
#: what makes an amount a change, when it stands before it
CHANGES = (
    "by, increase, raise, lengthen, widen, shorten, stretch, extend, trim, another, additional, extra, add"
)

NEGATIONS = """
    unhappy with, hate, hates, dislike, dislikes, detest,
    exclude, excludes, reject, rejects, refuse, ban, rule out, nobody, no one, none, none of, avoid, avoids,
    don't, isn't, neither, never, deny, disallow, disqualify, disqualifies, veto, vetoes, shun, no,
    non, nor, not, without, zero, cannot, can't, mustn't, shouldn't,
    won't, wouldn't, aren't, doesn't, nothing, mayn't, couldn't, wasn't, shan't, nowhere, dont,
    under no circumstances, on no account, in no case, by no means, at no point, at no time, in no way,
    cant, isnt, doesnt, shouldnt, mustnt, wont, prevent, forbid, prohibit, stop it, stop it from,
    keep it from, keeps it from,
    not a millimetre, not one millimetre, not a millimeter, not a mm, not a centimetre, not an inch,
    not a gram, not a kilo, not a litre, not a degree, not one more
"""
#: that something need not be: no limit
FREE = """
    need not, needn't, does not need to, doesn't need to, do not need to, don't need to, does not have to,
    doesn't have to, do not have to, no use for, have no use for, don't have to, not necessarily,
    not required to, no need, no need to,
    no need for, may or may not, need not be, not have to, not need to, don't care, doesn't matter
"""
#: that something is allowed: "may be longer than 4.7 m" is no limit
PERMISSIONS = """
    may be, can be, could be, might be, may exceed, can exceed, could exceed, might exceed, may go, can go,
    allowed to be, allowed to exceed, allowed to go, is fine, is ok, is okay, is acceptable, is allowed,
    would be fine, would be ok, are fine, also fine, fine too, is no problem, is not a problem,
    isn't a problem, wouldn't hurt
"""
#: what rules out the limit before it: "over 4.7 m is out of the question"
DENIALS = """
    not acceptable, not allowed, not permitted, unacceptable, forbidden, prohibited, ruled out,
    out of the question, not ok, gets sent back, is sent back, will be sent back, gets rejected,
    is rejected, will be rejected, gets binned, is discarded, is off the table, won't fly, a deal breaker,
    deal breaker, a dealbreaker, dealbreaker, a showstopper,
    no good, not okay, not an option, no go, a no go, not possible, disallowed,
    cannot be accepted, can't be accepted, won't do, will not do, won't work, will not work, is out,
    would be too much, is too much, far too much, much too much, far too long, far too high, far too wide,
    far too heavy, far too tall, far too low, far too short, far too small, too long, too high, too tall,
    too wide, too heavy, too short, too low,
    too small, too big, too narrow, too light, too little, not enough, insufficient, not sufficient,
    outdated
"""
CONDITIONS = """
    currently, at the moment, at present, today, used to be, was, were, so far, if, unless, when, whenever,
    in case, assuming, provided, except, unless otherwise, except for
"""
SOFT = """
    low priority, lower priority, would be better, would be even better, would be a lot better,
    would be nicer, would be much better, better still,
    best case, at best, in the best case, hopefully, ideally, if possible, nice to have, optionally, optional,
    preferably, would be nice,
    if at all possible, where possible, preferred, would be good, would be great, if you can, if we can,
    target, targeting, aim for, aim at, aiming for, aiming at, aim, goal, wish, desired, desirable,
    stretch goal, stretch target, stretch, would be a dream, would be perfect, would be ideal,
    we'd love, i'd love, we'd be delighted with, we'd be happy with, i'd be happy with, would suit,
    soft points, soft requirements, nice to haves, would make me happier, would make us happier,
    would suit us, suits us, would suit me, it'd be good if,
    it would be good if,
    it would be nice if, it'd be nice if, it would help if,
    would be fantastic, would be wonderful, would be brilliant, would be excellent, would be lovely,
    would love, prefer, we prefer, we'd prefer,
    i'd prefer, i would prefer, would prefer,
    hoping for, happier with, happiest with, wishlist, bonus, as a target,
    would love, target value, design target, we aim for,
    soft target, would like, would sooner, i'd sooner, would rather, i'd rather, we'd rather
"""
FIRM = """
    had better, had better be,
    must haves, high priority, top priority, highest priority, binding, compulsory, obligatory,
    has to, has to be, must, must be, must have, need, needs, required, shall, mandatory, non negotiable,
    strictly, absolutely, definitely, certainly, by all means, requirement, requirements, require, requires
"""
#: what may stand between a negation and its comparison
FILLERS = """
    be, is, are, to, get, go, going, come, become, drop, drops, fall, falls, dip, dips, sink, rise, grow,
    end up, ever, any, allowed, permitted, supposed, let, lets, have, has, had, a, an, the, of, it, at all,
    under any circumstances, on any account, in any case, in any way, by any means, anything, value, values,
    total, overall, make, made, being, its, this, that, their, extend, measure, measures, weigh, stand, sit,
    stay, anywhere, end up with, quite, much, even, want, we, i, come out, turn out, result, in, body,
    end, reach, do, does, come down to, go down to, drop to, fall to, sink to, get down to, go up to,
    get up to, rise to, creep, creeps, climb, climbs, stray, strays, accept, tolerate, allow,
    should, must, shall, will, would, may, can, come down, comes down, get down, getting, growing, becoming,
    shrink, shrinks, swell, swells, afford, us
"""
CONFIDENCE = "confidence, certainty, probability, sure, confident"
INTENSITY: Mapping[float, str] = {
    1.6: "very, super",
    1.8: "extremely, ultra",
    1.5: "really",
    1.0: "quite",
    0.8: "rather, fairly",
    0.5: "slightly, a bit, a little, a shade, a touch, a hair, a whisker, just a touch",
    0.6: "somewhat",
    0.7: "moderately",
}
#: sizes: +1 more of what follows, -1 less
SIZES: Mapping[int, str] = {
    1: """
        long, high, tall, wide, broad, big, large, great, generous, ample, good, huge, steep, strong, wider,
        longer, higher, taller, bigger, larger, plenty of, lots of, a lot of, much, more, deep, pronounced,
        thick, fat
    """,
    -1: """
        short, low, narrow, small, little, tiny, shorter, lower, narrower, smaller, less, minimal, reduced,
        slim, shallow, flat, thin, light, subtle, gentle
    """,
}
#: superlatives and verbs of wishing: +1 (maximise) or -1 (minimise)
WISHES: Mapping[int, str] = {
    -1: """
        as little, as low, as small, as few, minimise, minimize, minimising, minimizing, least, lowest,
        smallest, lowest possible, smallest possible, least possible, minimum, minimal, reduce, cut,
        keep down
    """,
    1: """
        as much, as big, as large, as high, as great, as generous, as many, maximise, maximize, maximising,
        maximizing, most, largest, biggest, highest, greatest, largest possible, biggest possible,
        highest possible, most possible, maximum, increase, as good
    """,
}
#: superlatives by what they speak of: an axis of the product, or "" for the quantity beside them
WHOLE_WISHES: Mapping[tuple[int, str], str] = {
    (-1, ""): "as little as possible",
    (1, ""): "as much as possible",
    (1, "tall"): "as high as possible, as tall as possible",
    (1, "long"): "as long as possible",
    (-1, "long"): "as short as possible",
    (-1, "tall"): "as low as possible",
    (-1, "wide"): "as narrow as possible",
    (1, "wide"): "as wide as possible",
    (-1, "heavy"): "as light as possible",
}
BETWEEN = "between, within"
#: separators of clauses; "and" and "but" may pass the quantity on
JOINS = "&, and, but, but also, or, plus, as well as, though, although, nor"
BREAKS = """
    featuring, having, plus, that, as long as it's, as long as it is, as long as it stays, so long as it's,
    so long as it is, so long as it stays, then, whereas, which, while, whose, with, yet, whilst, because,
    since
"""
#: measures of a part: nouns that stand beside its name ("width of the tyres") or alone ("wall 0.9 mm")
PART_MEASURES: Mapping[str, str] = {
    "length": "length",
    "width": "width",
    "height": "height",
    "depth": "depth",
    "thickness": "thickness",
    "diameter": "diameter, od, outer diameter, outside diameter, outer dia, outside dia, dia",
    "radius": "radius",
    "wall": "wall, wall thickness, walls",
    "angle": "angle, rake, slope, lean, tilt, inclination, incline, recline, splay",
    "hollow": "hollow, hollowing",
    "drop": "drop",
    "growth": "",
    "pitch": "pitch",
}
#: the same beside the number: "tyres 235 mm wide"
PART_ADJECTIVES: Mapping[str, str] = {
    "length": "long, in length, of length",
    "width": "wide, in width, broad, across",
    "height": """
        high, tall, in height, above the ground, above ground, off the ground, above the floor, off the floor,
        above the bottom bracket, above the bb, over the bottom bracket, above the seat, above seat,
        above the seat surface, over the seat, above it, over it
    """,
    "depth": "deep, in depth",
    "thickness": "thick, thicker than, thinner than, in thickness",
    "diameter": "in diameter, outside, outer, across the outside",
    "angle": """
        raked, rakes, sloped, slopes, sloping, leaning, leans, leaned, leant, tilted, tilts, tilting,
        reclined, reclines, inclined, slanted, slants, canted, splayed, splays, tilts back, tilt back,
        tilted back, leans back, leaning back, rakes back, raked back, slopes back, swept back,
        reclines back, lean in, leans in, leaning in, pitched, pitches, rake back, raking back
    """,
    "growth": """
        add, adds, adding, grew, grew by, grow, grows, grow by, grows by, rise by, rises by, increase by,
        increases by
    """,
    "hollow": "hollowed, dished, scooped, hollowed out, bowed, curved",
}
#: words of a single measure: beside an unknown noun they measure that ("seat height")
MEASURES = """
    length, width, height, weight, mass, volume, area, angle, diameter, size, clearance, gap, capacity,
    space, factor
"""
STOPS = """
    lock, locks, fix, freeze, fits, in the range of, in the range, in a range of, that's, it'll, there's,
    what's, who's, that is, figure of, somewhere, a, about, also, an, are, as, at, be, been, being, bodied,
    body, build, by, can, could, create, design, did, do, does, draw, even, featuring, feel, feeling,
    figure, for, generate, get, give, gives, giving, got, had, has, have, having, here, i, i'd, i'm, in,
    into, is, it, it's, its, just, keep, keeping, kind, let, lets, like, look, looking, looks, make, may,
    me, my, number, of, offer, offering, offers, on, one, only, onto, our, overall, please, possible,
    provide, provides, providing, s, shape, shaped, should, so, sort, still, style, styled, than, that, the,
    there, these, this, those, to, too, total, type, us, value, want, wanted, wants, we, we'd, we're, which,
    whose, will, with, would, you, your, hi, hello, dear, team, all, thanks, thank you, regards,
    best regards, kind regards, cheers, brief, spec, specs, specification, specifications, dimension,
    dimensions, exterior, external, outer, outside, final, resulting, finished, parameter, parameters,
    quantity, unit, units, item, description, notes, note, per, project, subject, re, following, follows,
    list, sheet, data, technical, package, packaging, geometry, general, main, key, new, next, think,
    thinking, propose, proposed, going, go, come, comes, came, up, out, stays, stay, remain, remains,
    remaining, sit, sits, end, ends, ended, measured, measure, measures, measuring, given, stated,
    specified, set, setting, asked, asking, ask, say, says, said, know, he, she, they, them, his, her,
    their, engineering, marketing, client, customer, management, board, team's, ok, okay, well, not later,
    now, again, both, each, every, same, least once, ready, done, due, respectively, always, any, anything,
    allowed, permitted, ever, actually, really, simply, clearly, basically, no matter what, at all,
    under any circumstances, on any account, in any case, in any way, by any means, i.e, hold, holds,
    holding, carry, carries, accommodate, accommodates, swallow, swallows, take, takes, contain, contains,
    allow, allows, reach, reaches, over everything, come in, comes in, e.g, eg, ie, incl,
    vary, varies, varying, land, lands, lie, lies, lie in, lies in, hover, hovers, window, corridor,
    laden, unladen, when laden, even when laden, when unladen, fully laden, empty, insists on, insist on,
    not only, not just, seats up, live with, nominally, where, how, what, why,
    was, were, am, fit, lot, run, runs, running, runs at, itself, themselves,
    on its own, on their own, made from, made out of, made of,
    if need be, if necessary, something, what about, how about, amount to, amounts to,
    anyway, alone, oh, hey, wait, some, sure, then,
    number of, around it, need to, we need, ought, let's, if any,
    tolerance, tolerances, resp, dims, dim, thing
"""
#: the product itself, not a part of it
WHOLE = "body, overall, whole, product, whole thing, complete product, in all"
#: from where an angle is taken
REFERENCES: Mapping[str, str] = {
    way: ", ".join(
        f"{how} {the}{way}" for how in ("from", "off", "to", "against", "with") for the in ("", "the ")
    )
    for way in ("vertical", "horizontal")
}
#: words that change no limit, wherever they stand; what they say beside that is not understood
NEUTRAL = """
    accordingly, according to, across the board, additionally, afterwards, agreed, agree, ahead, aligned,
    along, already, although, altogether, among, applies, apply, appreciate, approved, approval, asap,
    attached, baseline, basic, before, begin, believe, better still, beyond that, briefly, bring, bringing,
    bullet, buyer, buyers, call, called, came back, careful, case, cell, chief, check, clarify,
    classic, clear, insurance, insurer, tunnel, wind tunnel,
    colleague, colleagues, committee, common, complete, completely, confirm, confirmed, confirms,
    consider, considered, consumer, content, context, count, counts, data sheet, datasheet, day, days,
    deadline, decided, decision, deliver, delivered, demand, demands, department, derived, described,
    designed, designer, designers, desk, detail, details, develop, developed, development, directly,
    director, discussed, discussion, document, draft, early, ensure, ensures, ensuring, engineer, engineers,
    entire, entirely, especially, essential, evening, everybody, everyone, exec, execs, expect, expected,
    expects, fact, fair, feedback, figures, float, floats, ranges, finally, find, first,
    firm requirement, focus, folks, form,
    forward, framework, friday, from our side, fully, further to, gentle reminder, go ahead, good, goes,
    got to, great, group, guideline, guidelines, guys, happy, happily, heading, hear, help, helps,
    hereby, herewith, honestly, important, importantly, in addition, in fact, in particular, in short,
    in summary, in terms of, included, includes, including, indeed, info, information, input, inputs,
    instead, interested, internal, issue, item no, job, july, june, just to confirm, kindly, kept,
    bracket, kick off, last,
    later, latest, latest version, lead, leave, leaving, legal, letter, line item, listed, looking for, ma'am,
    maintain, maintains, manager, mandated, market, marketing's, markets, may i, mean, meant, meanwhile,
    meet, meets, meeting, memo, mention, mentioned, met, milestone, minutes, monday, month, moreover, morning,
    move on, myself, namely, necessary, needed, nice, noted, obviously, offered, officially, option, order,
    ordered, ordering, otherwise, ours, outcome, owner, owners, page, paragraph, part no, partner, people,
    phase, phone call, plan, planned, planning, plans, point, points, practice, precise, preliminary,
    room for,
    presented, previously agreed, process, produce, product, production, programme, program, properly,
    proposal, provided by, ps, public, purpose, purposes, question, quick, quick note, quick update, quickly,
    range, read, readings, received, recommend, recommended, recommends, record, records, refer, reference,
    regarding, regulation, regulations, related, relevant, reminder, report, reported, request, requested,
    requests, respect, respecting, respects, review, reviewed, revised, revision, rev, right, row, rule,
    rules, said so, sales, satisfied, satisfy, satisfies, saturday, section, see, seems, select, selected,
    send, sent, september, series, settled, several, show, showed, shows, shown, sign off, signed off,
    picturing, imagining, envisage, envisaging, envision, acceptable, tolerable, permissible, admissible,
    advertise, promise, promised, quote, worries,
    matters, apart,
    simple, critical, crucial, vital, paramount, decisive, envelope, q,
    since then, single, sir, site, situation, slide, solution, something like that, soon, sorry,
    speaking, specifically, stage, standard, start, state, statement, states, step, strict, studio, stuff,
    subject to, summary, sunday, supplier, supplier's, suppliers, support, supposed to, system, tabulated,
    talk, target values, task, tell, term, terms, text, thereby, therefore, thinks, third, though,
    thus, time, today's meeting, together, told, topic, turn out, turns out, tuesday, understand,
    understood, unit of measure, update, updated, updates, use, used, user, users, uses, usual, usually, via,
    version, visit, wednesday, week, well within, went, whatever happens, whole, why not, within reason,
    word, words, work, works, workshop, would need, write, writes, written, wrote, year, yes, yesterday,
    yours, approx figures, customer's, client's, clients, customers, homologation, production line,
    project lead, chief engineer, team lead, head of design, vda, sae, iso,
    din, nominal value, in total, in all, all told, all in all, per side, each side, per piece, per unit,
    each one, a piece, apiece, as discussed, as agreed, as follows, as specified, as per, as requested,
    as before, as usual, as noted, as mentioned, as described, as planned, for now, for the record,
    for reference, for your information, fyi, tbc, tbd, n/a, na, etc, et al, asap please, thx, pls, plz
"""
