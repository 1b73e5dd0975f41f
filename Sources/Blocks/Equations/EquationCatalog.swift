import Directives

/// `<<equation NAME>>`: the formula behind an engine, numbered, with its symbols explained.
public enum EquationCatalog {
  /// One formula.
  public struct Entry: Sendable {
    /// The name a directive uses.
    public var name: String
    /// The formula in the TeX subset of `Equations`.
    public var tex: String
    /// What the symbols mean, in English Markdown.
    public var english: String
    /// The same in Japanese.
    public var japanese: String
  }

  /// Every formula.
  public static let entries: [Entry] = [
    Entry(
      name: "svr",
      tex:
        #"\min_{a,\,b}\ \tfrac{1}{2}\lVert a\rVert^2 + C\sum_{k=1}^{n}\max\bigl(0,\ \lvert y_k - a\cdot x_k - b\rvert - \varepsilon\bigr)"#,
      english:
        "*x*ₖ is the whole hidden state at one depth, *y*ₖ one coordinate of the state after it, for text *k*; *b* is not penalised.",
      japanese: "*x*ₖ は文 *k* におけるある深さの隠れ状態全体、*y*ₖ はその後の状態の一つの座標。*b* には罰則を課さない。"),
    Entry(
      name: "mat",
      tex: #"A_{j,i} = \operatorname*{arg\,min}_{A}\ \sum_{k=1}^{n}\bigl\lVert A\,h_i^{(k)} - h_j^{(k)}\bigr\rVert^2"#,
      english: "*h*ᵢ is the hidden state at depth *i* < *j* of sample *k*: a least-squares map between two depths.",
      japanese: "*h*ᵢ は標本 *k* の深さ *i*（*i* < *j*）における隠れ状態。二つの深さの間の最小二乗写像である。"),
    Entry(
      name: "movement",
      tex: #"D_l = \frac{1 - \cos(h_l,\, h_{l+1})}{2}"#,
      english: "*h*ₗ enters block *l* and *h*ₗ₊₁ leaves it, both before the final norm.",
      japanese: "*h*ₗ はブロック *l* への入力、*h*ₗ₊₁ はその出力で、いずれも最終正規化の前の値。"),
    Entry(
      name: "convergence",
      tex: #"S = 1 - \frac{\sum_{l\ge 1}\max(0,\ D_l - D_{l-1})}{\sum_{l\ge 1}\lvert D_l - D_{l-1}\rvert}"#,
      english: "1 where the movement *D* never rises from one block to the next, 0 where it never falls.",
      japanese: "移動量 *D* が一度も増えなければ 1、一度も減らなければ 0。"),
    Entry(
      name: "contribution",
      tex:
        #"C(v \mid x) = \ln p(w \mid x + v) - \ln p(w \mid x), \qquad z_u(x) = U_u \cdot \bigl(g \circ c(x) / s\bigr) + b_u"#,
      english:
        "*v* is what a part adds to the state *x*, *w* the predicted token; *p* is the softmax of the logits *z* over all tokens *u*, with *c* the final norm's centring (none for RMSNorm), *g* its gain, *s* its scale at the last state and *b* what does not depend on the state.",
      japanese:
        "*v* は成分が状態 *x* に加えるもの、*w* は予測されるトークン。*p* は全トークン *u* のロジット *z* のソフトマックスで、*c* は最終正規化の中心化（RMSNorm では恒等）、*g* は利得、*s* は最終状態における尺度、*b* は状態によらない項。"
    ),
    Entry(
      name: "memory",
      tex:
        #"y = \sum_{i} m_i\,v_i + b, \qquad w_i = \operatorname*{arg\,max}_{u}\ U_u \cdot \bigl(\operatorname{sign}(m_i)\,v_i\bigr)"#,
      english:
        "*y* is what a feed-forward network adds to the stream, *m*ᵢ the activation of neuron *i* (times the other product where the network is gated), *v*ᵢ its column of the output matrix and *b* the bias; *w*ᵢ is the token that memory *i* promotes, *U*ᵤ the unembedding of token *u*.",
      japanese:
        "*y* は FFN がストリームに加えるもの、*m*ᵢ はニューロン *i* の活性（ゲート付きなら他方の積との積）、*v*ᵢ は出力行列のその列、*b* はバイアス。*w*ᵢ は記憶 *i* が促進するトークン、*U*ᵤ はトークン *u* の逆埋め込み。"
    ),
  ]

  /// The formula of a name.
  public static func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  /// What the directive takes.
  static let schema = DirectiveSchema(
    name: "equation",
    summary: "the formula behind an engine",
    views: [
      ViewGroup([
        ViewKeyword("svr", "support-vector regression between layers"),
        ViewKeyword("mat", "linear map between two depths"),
        ViewKeyword("movement", "movement of the hidden state in one block"),
        ViewKeyword("convergence", "convergence score"),
        ViewKeyword("contribution", "what a part of the residual stream adds to a log-probability"),
        ViewKeyword("memory", "a feed-forward network as a sum of memories, and the token that each promotes"),
      ])
    ],
    takesModel: false, takesDataset: false, takesSample: false, forms: [],
    examples: ["<<equation svr>>", "<<equation convergence>>"])
}
