r"""What a record's text may say in TeX: the commands and characters that ``tex_source`` knows.

Everything here is in LaTeX's kernel or in ``DEFINITIONS``, and does nothing but print.  What is
not here is typeset as text, so a command is added only if it can neither read, write, run, define
nor end anything.
"""

from __future__ import annotations

ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
"""Accent commands of text and the combining characters that they stand for."""

ACCENTED = {
    "'": "ACEGIKLNORSUYZacegiklnorsuyz", "`": "AEIOUYaeiouy", "^": "ACEGHIJOSUWYZaceghijosuwyz",
    '"': "AEIOUYaeiouy", "~": "AINOUainou", "=": "AEGIOUYaegiouy", ".": "BCEFGIYZbcefgnyz",
    "u": "AEGIOUaegiou", "v": "ACDEGIKLNORSTUZacdegijklnorstuz", "H": "OUou",
    "c": "CGKLNRSTcgklnrst", "k": "AEIOUaeiou", "r": "AUau", "d": "dhlmnrst", "b": "",
}  # fmt: skip
"""The accented letters that LaTeX's UTF-8 tables know (t1enc.dfu, ts1enc.dfu, omsenc.dfu)."""

TEXT_SYMBOLS = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ",
    "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "S": "§", "P": "¶", "dag": "†",
    "ddag": "‡", "copyright": "©", "pounds": "£", "ldots": "…", "textregistered": "®",
    "texttrademark": "™", "textdegree": "°", "textmu": "µ", "texteuro": "€", "textyen": "¥",
    "textcent": "¢", "textbullet": "•", "textperiodcentered": "·", "textonehalf": "½",
    "textonequarter": "¼", "textthreequarters": "¾", "textordfeminine": "ª",
    "textordmasculine": "º", "textexclamdown": "¡", "textquestiondown": "¿",
    "textbackslash": "\\", "textbraceleft": "{", "textbraceright": "}",
    "textasciicircum": "^", "textasciitilde": "~", "textquotedbl": '"', "guillemotleft": "«",
    "guillemotright": "»", "guilsinglleft": "‹", "guilsinglright": "›", "quotedblbase": "„",
    "quotesinglbase": "‚",
}  # fmt: skip
"""Symbol commands of text and the characters that they print."""

TEXT_SYNONYMS = {
    "dots": "ldots", "textellipsis": "ldots", "textsection": "S", "textparagraph": "P",
    "textdagger": "dag", "textdaggerdbl": "ddag", "textcopyright": "copyright",
    "textsterling": "pounds", "glqq": "quotedblbase", "flqq": "guillemotleft",
    "frqq": "guillemotright",
}  # fmt: skip

TEXT_CHARACTERS = {
    "\u00a0": "~", "–": "--", "—": "---", "‐": "-", "‑": "-", "‘": "`", "’": "'", "“": "``",
    "”": "''", "<": "$<$", ">": "$>$", "|": "$|$", "%": r"\%", "&": r"\&", "#": r"\#",
    "_": r"\_", "$": r"\$", "′": r"$'$", "−": "$-$", "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z",
    "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P", "Τ": "T", "Χ": "X",
    "ο": "o",
}  # fmt: skip
"""Characters that stand in text as something else than themselves or a symbol command."""

STYLES = frozenset(
    "emph textit textbf textrm textsc textsf textsl texttt textup textmd textnormal "
    "textsuperscript textsubscript mbox".split()
)
"""Commands of text that set their argument differently."""

SWITCHES = {
    "em": "emph", "it": "textit", "sl": "textsl", "bf": "textbf", "rm": "textrm", "sf": "textsf",
    "sc": "textsc", "tt": "texttt", "itshape": "textit", "bfseries": "textbf", "cal": "mathcal",
}  # fmt: skip
"""Old commands that change the rest of their group; as commands, since classes lack the old ones.

In a formula ``text`` becomes ``math``.
"""

_SYMBOLS = (
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ "
    "vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π varpi ϖ rho ρ varrho ϱ "
    "sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ "
    "Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω "
    "times × div ÷ pm ± mp ∓ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet ∙ cap ∩ cup ∪ uplus ⊎ "
    "sqcap ⊓ sqcup ⊔ vee ∨ wedge ∧ setminus ∖ wr ≀ diamond ⋄ oplus ⊕ ominus ⊖ "
    "otimes ⊗ oslash ⊘ odot ⊙ leq ≤ geq ≥ prec ≺ succ ≻ preceq ⪯ succeq ⪰ "
    "ll ≪ gg ≫ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ sqsubseteq ⊑ sqsupseteq ⊒ "
    "in ∈ ni ∋ notin ∉ vdash ⊢ dashv ⊣ equiv ≡ sim ∼ simeq ≃ asymp ≍ approx ≈ "
    "cong ≅ neq ≠ doteq ≐ propto ∝ models ⊧ perp ⊥ mid ∣ parallel ∥ bowtie ⋈ "
    "leftarrow ← rightarrow → leftrightarrow ↔ uparrow ↑ downarrow ↓ Leftarrow ⇐ "
    "Rightarrow ⇒ Leftrightarrow ⇔ Uparrow ⇑ Downarrow ⇓ mapsto ↦ longleftarrow ⟵ "
    "longrightarrow ⟶ longleftrightarrow ⟷ hookleftarrow ↩ hookrightarrow ↪ nearrow ↗ "
    "searrow ↘ swarrow ↙ nwarrow ↖ rightleftharpoons ⇌ aleph ℵ hbar ℏ imath 𝚤 "
    "ell ℓ wp ℘ Re ℜ Im ℑ partial ∂ infty ∞ prime ′ emptyset ∅ nabla ∇ surd √ top ⊤ "
    "angle ∠ triangle △ forall ∀ exists ∃ neg ¬ flat ♭ natural ♮ sharp ♯ "
    "clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ sum ∑ prod ∏ int ∫ "
    "oint ∮ bigcap ⋂ bigcup ⋃ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂ "
    "langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ Vert ‖ cdots ⋯ vdots ⋮ "
    "ddots ⋱ lesssim ≲ gtrsim ≳ leqslant ⩽ geqslant ⩾ varnothing ∅"
).split()
MATH_SYMBOLS = dict(zip(_SYMBOLS[::2], _SYMBOLS[1::2], strict=True))
"""Symbol commands of formulas and the characters that they print."""

MATH_NAMES = frozenset(
    "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf "
    "limsup ln log max min Pr sec sin sinh sup tan tanh bmod quad qquad ldots dots le ge ne to "
    "gets land lor lnot owns lbrace rbrace vert backslash not dagger ddagger S P colon "
    "bigtriangleup bigtriangledown bigcirc Longrightarrow".split()
)
"""Commands of formulas without an argument that stand for no one character."""

MATH_SYNONYMS = {
    "text": "textrm", "dfrac": "frac", "tfrac": "frac", "bm": "boldsymbol",
    "mathscr": "mathcal", "operatorname": "mathrm", "hslash": "hbar", "implies": "Longrightarrow",
}  # fmt: skip

MATH_ARGUMENTS = {
    **dict.fromkeys(
        "mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak boldsymbol hat bar tilde vec "
        "dot ddot check breve acute grave mathring widehat widetilde overline underline "
        "overrightarrow overleftarrow overbrace underbrace sqrt pmod".split(),
        1,
    ),
    **dict.fromkeys("frac stackrel binom overset".split(), 2),
}
"""Commands of formulas and how many formulas they take."""

DELIMITERS = frozenset(
    r"( ) [ ] | / . < > \{ \} \| \langle \rangle \lbrace \rbrace \vert \Vert \lfloor \rfloor "
    r"\lceil \rceil".split()
)
SIZES = frozenset("big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr Biggl Biggr".split())

DEFINITIONS = {
    "mathbb": r"\providecommand{\mathbb}[1]{\mathbf{#1}}",
    "mathfrak": r"\providecommand{\mathfrak}[1]{\mathbf{#1}}",
    "boldsymbol": r"\providecommand{\boldsymbol}[1]{\mathbf{#1}}",
    "binom": r"\providecommand{\binom}[2]{{#1 \choose #2}}",
    "overset": r"\providecommand{\overset}[2]{\stackrel{#1}{#2}}",
    "lesssim": r"\providecommand{\lesssim}{\stackrel{<}{\sim}}",
    "gtrsim": r"\providecommand{\gtrsim}{\stackrel{>}{\sim}}",
    "leqslant": r"\providecommand{\leqslant}{\leq}",
    "geqslant": r"\providecommand{\geqslant}{\geq}",
    "varnothing": r"\providecommand{\varnothing}{\emptyset}",
    "k": r"\ProvideTextCommandDefault{\k}[1]{\c{#1}}",
    "dh": r"\ProvideTextCommandDefault{\dh}{d}",
    "DH": r"\ProvideTextCommandDefault{\DH}{D}",
    "th": r"\ProvideTextCommandDefault{\th}{th}",
    "TH": r"\ProvideTextCommandDefault{\TH}{Th}",
    "dj": r"\ProvideTextCommandDefault{\dj}{d}",
    "DJ": r"\ProvideTextCommandDefault{\DJ}{D}",
    "ng": r"\ProvideTextCommandDefault{\ng}{n}",
    "NG": r"\ProvideTextCommandDefault{\NG}{N}",
    "textquotedbl": r"\ProvideTextCommandDefault{\textquotedbl}{''}",
    "guillemotleft": r"\ProvideTextCommandDefault{\guillemotleft}{$\ll$}"
    r"\ProvideTextCommandDefault{\guillemetleft}{$\ll$}",  # its newer name
    "guillemotright": r"\ProvideTextCommandDefault{\guillemotright}{$\gg$}"
    r"\ProvideTextCommandDefault{\guillemetright}{$\gg$}",  # its newer name
    "guilsinglleft": r"\ProvideTextCommandDefault{\guilsinglleft}{$<$}",
    "guilsinglright": r"\ProvideTextCommandDefault{\guilsinglright}{$>$}",
    "quotedblbase": r"\ProvideTextCommandDefault{\quotedblbase}{,,}",
    "quotesinglbase": r"\ProvideTextCommandDefault{\quotesinglbase}{,}",
}
"""What a document without AMS packages or T1 fonts needs for a command, used where it lacks it."""
