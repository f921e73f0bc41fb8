"""Titles and authors for compiled papers: hostile ones, and ones that often go wrong."""

from __future__ import annotations

import unicodedata

from pith_tui.output.tex_commands import (
    ACCENTS,
    DELIMITERS,
    MATH_ARGUMENTS,
    MATH_NAMES,
    MATH_SYMBOLS,
    SIZES,
    STYLES,
    SWITCHES,
    TEXT_CHARACTERS,
    TEXT_SYMBOLS,
    TEXT_SYNONYMS,
)

CANARY = "canary.txt"
"""The file that the tricks try to read."""
SECRET = "SECRETOFTHECANARY"
"""What stands in it."""

TRICKS = [
    r"\input{canary.txt}",
    r"\input canary.txt ",
    r"\include{canary}",
    r"\InputIfFileExists{canary.txt}{}{}",
    r"\@@input canary.txt",
    r"\makeatletter\@input{canary.txt}\@@input canary.txt ",
    r"\csname input\endcsname{canary.txt}",
    r"\csname @@input\endcsname canary.txt ",
    r"\expandafter\input\expandafter{canary.txt}",
    r"\begingroup\makeatletter\@nameuse{input}{canary.txt}\endgroup",
    r"^^5cinput{canary.txt}",
    r"\^^69nput{canary.txt}",
    r"\^^^69nput{canary.txt}",
    r"^^^^005cinput{canary.txt}",
    r"$^^5cinput{canary.txt}$",
    r"$\input{canary.txt}$",
    r"$x^{\input{canary.txt}}$",
    r"$\text{\input{canary.txt}}$",
    r"\emph{\input{canary.txt}}",
    r"{\it\input{canary.txt}}",
    r"\'{\input{canary.txt}}",
    r"\'\input{canary.txt}",
    r"\ensuremath{\input{canary.txt}}",
    r"\(\input{canary.txt}\)",
    r"\[\input{canary.txt}\]",
    r"\pdfobj stream file{canary.txt}\pdfrefobj\pdflastobj",
    r"{\pdfobj stream file{canary.txt}}",
    r"\immediate\pdfobj stream file{canary.txt}",
    r"\pdffiledump offset 0 length 99{canary.txt}",
    r"\pdfmdfivesum file{canary.txt}",
    r"\pdfximage{canary.txt}\pdfrefximage\pdflastximage",
    r"\pdfliteral{(x) Tj}",
    r"\pdfcatalog{/OpenAction << /S /Launch >>}",
    r"\pdfannot{/Subtype /Link}",
    r"\pdfextension obj stream file{canary.txt}",
    r"\includegraphics{canary.txt}",
    r"\lstinputlisting{canary.txt}",
    r"\verbatiminput{canary.txt}",
    r"\newread\f\openin\f=canary.txt \read\f to\x \x",
    r"\openin5=canary.txt \readline5 to\x \x\closein5",
    r"\immediate\write18{touch written.txt}",
    r"\write18{touch written.txt}",
    r"\ShellEscape{touch written.txt}",
    r"\input{|touch written.txt}",
    r'\input"|touch written.txt"',
    r"\directlua{os.execute('touch written.txt')}",
    r"\special{psfile=canary.txt}",
    r"\newwrite\f\immediate\openout\f=written.txt \immediate\write\f{x}",
    r"\immediate\openout5=written.txt \immediate\write5{x}\immediate\closeout5",
    r"\begin{filecontents}{written.txt}x\end{filecontents}",
    r"\message{x}\errmessage{x}\show\x\typeout{x}",
    r"\end{document}",
    r"\end",
    r"\stop",
    r"\endinput",
    r"\bye",
    r"\@@end",
    r"\csname end\endcsname{document}",
    r"\par\vfill\eject",
    r"\newpage\clearpage\newline\\[9cm]\linebreak",
    r"\batchmode\nonstopmode\errorstopmode",
    r"\loop\iftrue\repeat",
    r"\def\x{\x}\x",
    r"\def\x{\x\x}\x",
    r"\let\item\relax\let\newblock\undefined",
    r"\global\let\bibitem\undefined\gdef\emph{x}",
    r"\renewcommand{\section}{x}\newcommand\y{}\providecommand\z{}",
    r"\catcode`\%=12 \catcode37=12 \catcode`\{=12",
    r"\begingroup\lccode`~=`\\\lowercase{\endgroup~}",
    r"\uppercase{\input{canary.txt}}",
    r"\scantokens{\input{canary.txt}}",
    r"\detokenize{x}\unexpanded{x}\meaning\x\string\x",
    r"\char92 input \char`\\ \symbol{92} \number`a \the\year",
    r"\iffalse",
    r"\if x",
    r"\fi\else\or",
    r"\ifnum1=1 yes\fi",
    r"\verb|x|\verb+\input{canary.txt}+",
    r"\url{\input{canary.txt}}\href{file:canary.txt}{x}",
    r"\usepackage{shellesc}\RequirePackage{x}\documentclass{x}",
    r"\ExplSyntaxOn\file_input:n{canary.txt}\ExplSyntaxOff",
    r"\begin{equation}x\end{equation}\begin{thebibliography}{}",
    r"\hspace{-99cm}\vspace{99cm}\kern-9in\raise9cm\hbox{x}\rule{9in}{9in}",
    r"\fontsize{99}{99}\selectfont\color{white}\textcolor{white}{x}\Huge",
    r"\footnote{x}\label{x}\ref{x}\cite{x}\nocite{*}\bibliography{canary}",
    r"\hfuzz\tracingall\showbox0\tracingonline1",
    r"\relax\null\unskip\ignorespaces\protect\noexpand",
    r"\left(\right)\middle|\over\atop\choose\above9cm\limits\nolimits\mathchoice{}{}{}{}",
    r"$\over$ $a \over b \over c$ $\limits$ $\left($ $\right)$ $\left( \right. \right)$ $\mathop$",
    r"$x^a^b_c_d''^e'$ $^2$ $_$ $^$ $x^$ $x_{$ $x^{}$ $'$ ${}$ $\frac$ $\frac1$ $\sqrt[$ $\hat$",
    r"$\frac{1}{2}{3}$ $\rm\bf\cal\it x$ $\left(\rm x\right)$ $\big$ $\big a$ $\mathrm{\frac12}_3$",
    r"$\not$ $\not\not\in$ $a & b # c % d ~ e$ $é ≤ 中 α$ $\textrm{a $b_1$ \& é}$ $x \\ y$",
    r"$$ $$x$$ $$$ $ $ $x $ $ x$ $x$$y$ $x$y$z $$x$y$$ \$x\$ $\$x$",
    r"} { }} {{ \} \{ }{ {}} {{}",
    r"{\'} \' \'{} \^{} \~{} \" \"{\"{\"{a}}} \'\'\'\'\'\'a \v \H{}",
    r"a\,",
    r"{b\,}",
    r"\emph{c, {d,\,}}",
    r"$\mathrm{a\ }$ $x^{\ }$ \mathbb{b\ } \ensuremath{c\ } ${\rm d\ }$ $\frac{\ }{\ }$ $e\ $",
    r"\\ \  \/ \- \, \; \: \! \@ \+ \< \> \= \_ \# \1 \( \) \[ \]",
    "\\",
    "\\\\\\",
    r"% & # ~ ^ _ $ { } \ ~ %% ## && ~~ ^^ __",
    r"100% of \% & 50\% # \#1 @misc{x, title={y}} @comment @string{a=b} @preamble{x}",
    'a " b " c "d" \\"e" = {x} # "y", title = "z"',
    r"x and y And z AND others and",
    "NUL \x00 ESC \x1b[2J BEL \x07 DEL \x7f CSI \x9b bidi \u202e\u2066 ZWJ \u200d BOM \ufeff",
    "\ue000 \U000f0000 \U0010ffff \ufffd \ufff9 \u0301 x\u0301\u0302\u0303 \u20dd",
    "^" * 50 + "\\" * 51 + "{" * 60 + "}" * 60,
    "$" * 301,
    r"\hat" * 60 + "x $" + r"\hat" * 60 + "x$ $" + "{" * 60 + "x" + "}" * 60 + "$",
    "$x" + "^{y" * 60 + "}" * 60 + "$ $" + r"\left(" * 60 + r"\right)" * 60 + "$",
    "x" * 5_000,
    "<" * 500,
    "\\" * 5_000,
    r"$\alpha$" * 200,
    "{" + "a b" * 50 + r"}\emph{" + "{" * 23 + "x" + "}" * 23 + "}",
]
"""What must be printed, or at least be harmless: no file read or written, nothing run or cut."""

PRINTED = [
    (r"\ga\ga and g g decay rates", r"\ga\ga and g g decay rates"),
    ("AdS_3 x S^2 in the OP_RETURN", "AdS_3 x S^2 in the OP_RETURN"),
    ("Recent Progress in AdS/CFT: a VLM for QCD", "Recent Progress in AdS/CFT: a VLM for QCD"),
    (r"$\Lambda$ and $\lambda$, Upper \Lambda AND lower", "Λ and λ, Upper ΛAND lower"),
    (r"$\Omega$CDM With $H_0$ and $SU(2)_L \times U(1)$", "ΩCDM With H0 and SU(2)L×U(1)"),
    ("Prices: $6,000 + $6,800", "Prices: $6,000 + $6,800"),
    ("From $5 to $10, or $3-$4 a Day", "From $5 to $10, or $3-$4 a Day"),
    (r"P. Erd\H{o}s and Schr\"odinger's \'Etude", "P. Erdős and Schrödinger's Étude"),
    (r"\'Etude Beginning With an Accent", "Étude Beginning With an Accent"),
    (r"{\'E}tude in Braces", "Étude in Braces"),
    (r"{\O}rsted, {\L}ukasiewicz and \AA ngstr\"om", "Ørsted, Łukasiewicz and Ångström"),
    ("Erdős, Łukasiewicz, Dvořák and Ţepeş", "Erdős, Łukasiewicz, Dvořák and Ţepeş"),
    ("Gauss–Bonnet — “New” Results’ End…", "Gauss–Bonnet — “New” Results’ End..."),
    ('A "Quoted" Word and 5" Wafers', 'A "Quoted" Word and 5" Wafers'),
    ("``Quoted'' in TeX -- and --- Dashes", '"Quoted" in TeX – and — Dashes'),
    ("中文 Title and Кириллица 😀", "[U+4E2D][U+6587] Title and " + "".join(
        f"[U+{ord(ch):04X}]" for ch in "Кириллица") + " [U+1F600]"),
    ("100% Pure & Simple #1", "100% Pure & Simple #1"),
    ("A/B: see http://x.org/~user or ~10 GeV", "A/B: see http://x.org/~user or ~10 GeV"),
    ("Unbalanced } Brace and { Brace", "Unbalanced } Brace and { Brace"),
    (r"\input{canary.txt} Is Printed", r"\input{canary.txt} Is Printed"),
    (r"Unknown \macro{Arg} and $x \macro$", r"Unknown \macro{Arg} and $x \macro$"),
    (r"{\em In Vitro} and \textbf{Bold} {\bf B}", "In Vitro and Bold B"),
    (r"\mathcal{N}=4 SYM, $\mathbb{Z}_2$ and $\rm H_2O$", "N=4 SYM, Z2 and H2O"),
    ("α-Decay with x ≤ 3 and H₂O²", "α-Decay with x ≤ 3 and H2O2"),
    ("a < b > c | d [e] (f)", "a < b > c | d [e] (f)"),
    (r"\$5 \& 6\% \#7 \_8", "$5 & 6% #7 _8"),
    ("Lower case Title of a PAPER about iPhones", "Lower case Title of a PAPER about iPhones"),
]  # fmt: skip
"""Titles and what pdftotext must read of them."""

AUTHORS = [
    r"Paul Erd\H{o}s, Ada Lovelace, and Alan Turing",
    "Ludwig van Beethoven Jr., B. Old, Jr., John Smith III, Sr.",
    "The ATLAS Collaboration, Planck Collaboration, A and B Group, Others, others, and",
    r"{AB} Cd, \'Emile Zola, {\'E}mile Zola, {\O}rsted H, \~{\^E}a Nguy\~{\^e}n, Phạm Văn Ấn",
    "王 小明, Иван Иванов, x (MIT, Boston), (1) A, A (1), *, -, ., ~, '', \", {}, {, }",
    r"$x$ Y, Y $x y$ Z, \& Co, a & b, 5%, #1, a_b C, x^2, <b>, |x|, @x, \$, $, \, \{a, b\}",
    "et al., Jean-Pierre d'Ormesson, O'Neil J.-P., bell hooks, A, B. C. D., d e f g h",
    ", ".join(f"Author{n} Number{n}" for n in range(60)),
    ", ".join(["A" * 3_000, "a b " * 500, "a-" * 500, "{" * 500, r"\'e" * 300]),
    r")A~\overline B, \right '~\overline{x}/, A~\O Team_x, $a~b$",
    r"B-\{\~{\^e} x, `{a_b, `, B-\_\~{\^e}-$x$-\{, a\,",
    "a, b, c, d and e, f and, and g, and and, AND H, A  and  B, von, de la, Jr., III, II, Jr",
]
"""Lists of authors that BibTeX or biber could stumble on."""


def _in_parts(pieces: list[str], size: int = 60) -> list[str]:
    return [" ".join(pieces[start : start + size]) for start in range(0, len(pieces), size)]


def everything_allowed() -> list[str]:
    """Return titles that together contain every allowed command and character."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    accented = [f"\\{mark}{{{letter}}}" for mark in ACCENTS for letter in letters]
    stacked = [unicodedata.normalize("NFC", x) for x in "ẤấẦầẮắỐốỆệỄễỬửỢợỷỹẼẽǖḗṩ"]
    latin = [chr(code) for code in [*range(0xA0, 0x250), *range(0x1E00, 0x1F00)]]
    other = [chr(code) for code in [*range(0x370, 0x400), *range(0x2000, 0x2300)]]
    arguments = [
        f"$\\{x}{{a}}" + ("{b}" if n == 2 else "") + "$" for x, n in MATH_ARGUMENTS.items()
    ]
    return [
        *_in_parts(accented),
        *_in_parts(stacked),
        *_in_parts([f"\\{name}{{}}" for name in [*TEXT_SYMBOLS, *TEXT_SYNONYMS]]),
        *_in_parts(list(TEXT_CHARACTERS)),
        *_in_parts([f"\\{name}{{Text \\'e $x_1$}}" for name in sorted(STYLES)]),
        *_in_parts([f"{{\\{name} Text \\'e}} $\\{name} x_1$" for name in SWITCHES]),
        *_in_parts([f"$\\{name}$ \\{name}" for name in [*MATH_SYMBOLS, *sorted(MATH_NAMES)]]),
        *_in_parts([*arguments, *arguments[::-1]]),
        *_in_parts([f"$\\left{x}\\frac12\\right.$" for x in sorted(DELIMITERS)]),
        *_in_parts([f"$\\{name}( x$" for name in sorted(SIZES)]),
        *_in_parts([f"$\\textrm{{{x}}}$" for x in (r"\S", r"\'e", "é", "–", "<", "α", "中")]),
        *_in_parts([x for x in latin if x.isprintable()]),
        *_in_parts([x for x in other if x.isprintable()]),
    ]  # fmt: skip
