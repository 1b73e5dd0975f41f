/// The commands that are one sign, and the classes of single characters.
enum TeXSymbols {
  /// Greek letters and other letters; capitals of Greek stand upright, as TeX sets them.
  static let letters: [String: String] = [
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "omicron": "ο", "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ",
    "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "partial": "∂", "imath": "ı",
    "jmath": "ȷ",
  ]

  /// Signs that stand upright and take no space.
  static let upright: [String: String] = [
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "infty": "∞", "nabla": "∇", "emptyset": "∅", "varnothing": "∅", "ell": "ℓ",
    "hbar": "ℏ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "forall": "∀", "exists": "∃", "nexists": "∄", "neg": "¬",
    "lnot": "¬", "top": "⊤", "bot": "⊥", "angle": "∠", "dagger": "†", "ddagger": "‡", "ldots": "…", "dots": "…",
    "dotsc": "…", "cdots": "⋯", "dotsb": "⋯", "vdots": "⋮", "ddots": "⋱", "checkmark": "✓", "degree": "°", "%": "%",
    "#": "#", "$": "$", "&": "&", "_": "_", "square": "□", "star": "⋆", "prime": "′",
  ]

  /// Binary operators.
  static let binary: [String: String] = [
    "pm": "±", "mp": "∓", "times": "×", "div": "÷", "cdot": "⋅", "ast": "∗", "circ": "∘", "bullet": "∙", "oplus": "⊕",
    "ominus": "⊖", "otimes": "⊗", "odot": "⊙", "cap": "∩", "cup": "∪", "setminus": "∖", "wedge": "∧", "land": "∧",
    "vee": "∨", "lor": "∨", "sqcap": "⊓", "sqcup": "⊔", "uplus": "⊎", "diamond": "⋄", "bmod": "mod",
  ]

  /// Relations and arrows.
  static let relations: [String: String] = [
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "equiv": "≡", "approx": "≈", "sim": "∼",
    "simeq": "≃", "cong": "≅", "propto": "∝", "ll": "≪", "gg": "≫", "in": "∈", "notin": "∉", "ni": "∋",
    "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "perp": "⊥", "parallel": "∥", "mid": "∣",
    "nmid": "∤", "vdash": "⊢", "models": "⊨", "to": "→", "rightarrow": "→", "leftarrow": "←", "gets": "←",
    "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "iff": "⟺", "implies": "⟹",
    "mapsto": "↦", "longrightarrow": "⟶", "longleftarrow": "⟵", "longmapsto": "⟼", "hookrightarrow": "↪",
    "uparrow": "↑", "downarrow": "↓", "prec": "≺", "succ": "≻", "preceq": "⪯", "succeq": "⪰", "asymp": "≍",
    "doteq": "≐", "coloneqq": "≔", "triangleq": "≜", "lesssim": "≲", "gtrsim": "≳", "rightsquigarrow": "⇝",
    "colon": ":",
  ]

  /// Relations that have a negated sign of their own.
  static let negated: [String: String] = [
    "=": "≠", "<": "≮", ">": "≯", "∈": "∉", "∋": "∌", "≡": "≢", "≈": "≉", "∼": "≁", "≃": "≄", "≤": "≰", "≥": "≱",
    "⊂": "⊄", "⊃": "⊅", "⊆": "⊈", "⊇": "⊉", "∣": "∤", "∥": "∦", "→": "↛", "⇒": "⇏", "⊢": "⊬", "⊨": "⊭",
  ]

  /// Operators that grow in displayed formulas, with their scripts above and below.
  static let largeOperators: [String: String] = [
    "sum": "∑", "prod": "∏", "coprod": "∐", "bigcup": "⋃", "bigcap": "⋂", "bigoplus": "⨁", "bigotimes": "⨂",
    "bigvee": "⋁", "bigwedge": "⋀", "bigsqcup": "⨆", "bigodot": "⨀", "biguplus": "⨄",
  ]

  /// Operators that grow, with their scripts beside them.
  static let integrals: [String: String] = ["int": "∫", "iint": "∬", "iiint": "∭", "oint": "∮"]

  /// Function names with scripts beside them.
  static let functions: Set<String> = [
    "log", "ln", "lg", "exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "arcsin",
    "arccos", "arctan", "arg", "deg", "dim", "hom", "ker",
  ]

  /// Function names with scripts below them in displayed formulas.
  static let limitFunctions: [String: String] = [
    "max": "max", "min": "min", "sup": "sup", "inf": "inf", "lim": "lim", "limsup": "lim sup", "liminf": "lim inf",
    "argmax": "arg max", "argmin": "arg min", "det": "det", "gcd": "gcd", "Pr": "Pr",
  ]

  /// Delimiters by command; the characters `( ) [ ] | / < >` are delimiters too.
  static let delimiters: [String: String] = [
    "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]", "langle": "⟨", "rangle": "⟩",
    "lvert": "|", "rvert": "|", "vert": "|", "lVert": "‖", "rVert": "‖", "Vert": "‖", "|": "‖", "lfloor": "⌊",
    "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "backslash": "\\", "uparrow": "↑", "downarrow": "↓",
  ]

  /// Delimiters that open and that close, when they stand by themselves.
  static let opening: Set<String> = ["{", "lbrace", "lbrack", "langle", "lvert", "lVert", "lfloor", "lceil"]
  static let closing: Set<String> = ["}", "rbrace", "rbrack", "rangle", "rvert", "rVert", "rfloor", "rceil"]

  /// Accents: the mark, whether it stands below, whether it stretches.
  static let accents: [String: (mark: String, isUnder: Bool, isStretchy: Bool)] = [
    "hat": ("ˆ", false, false), "widehat": ("^", false, true), "tilde": ("˜", false, false),
    "widetilde": ("~", false, true), "bar": ("¯", false, false), "overline": ("‾", false, true),
    "vec": ("→", false, false), "overrightarrow": ("→", false, true), "dot": ("˙", false, false),
    "ddot": ("¨", false, false), "check": ("ˇ", false, false), "breve": ("˘", false, false),
    "acute": ("´", false, false), "grave": ("`", false, false), "mathring": ("˚", false, false),
    "underline": ("_", true, true), "overbrace": ("⏞", false, true), "underbrace": ("⏟", true, true),
  ]

  /// Widths of spaces in em.
  static let spaces: [String: String] = [
    ",": "0.1667em", ":": "0.2222em", ">": "0.2222em", ";": "0.2778em", "!": "-0.1667em", " ": "0.3333em",
    "thinspace": "0.1667em", "quad": "1em", "qquad": "2em", "enspace": "0.5em", "negthinspace": "-0.1667em",
  ]

  /// Sizes of `\big` and its kin in em, and the form of the delimiter.
  static let sizes: [String: (size: String, form: String)] = {
    var table: [String: (size: String, form: String)] = [:]
    for (name, size) in [("big", "1.2em"), ("Big", "1.8em"), ("bigg", "2.4em"), ("Bigg", "3em")] {
      table[name] = (size, "")
      table[name + "l"] = (size, "prefix")
      table[name + "r"] = (size, "postfix")
      table[name + "m"] = (size, "infix")
    }
    return table
  }()

  /// All command names, in byte order, for suggestions.
  static let allCommands: [String] = {
    var names = Set(letters.keys).union(upright.keys).union(binary.keys).union(relations.keys)
    names.formUnion(largeOperators.keys)
    names.formUnion(integrals.keys)
    names.formUnion(functions)
    names.formUnion(limitFunctions.keys)
    names.formUnion(delimiters.keys)
    names.formUnion(accents.keys)
    names.formUnion(spaces.keys)
    names.formUnion(sizes.keys)
    names.formUnion(MathAlphabet.commands.keys)
    names.formUnion(TeXParser.structures)
    return names.filter { $0.utf8.count > 1 }.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }()
}
