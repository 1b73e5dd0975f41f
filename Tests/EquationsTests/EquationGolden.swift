/// Formulas of this field and the leaves of their MathML, in order.
///
/// The leaves were compared with the PyPI package math-core 0.9, an independent converter; invisible operators and
/// variation selectors are left out, and its three dots for an ellipsis are written as one.
let goldenLeaves: [(tex: String, leaves: String)] = [
  (
    #"R^2 = 1 - \frac{\sum_i (y_i-\hat y_i)^2}{\sum_i (y_i-\bar y)^2}"#,
    "R 2 = 1 − ∑ i ( y i − y ˆ i ) 2 ∑ i ( y i − y ¯ ) 2"
  ),
  (#"\hat{W} = (X^\top X + \lambda I)^{-1} X^\top Y"#, "W ˆ = ( X ⊤ X + λ I ) − 1 X ⊤ Y"),
  (#"\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_{j=1}^{V} e^{z_j}}"#, "softmax ( z ) i = e z i ∑ j = 1 V e z j"),
  (#"\operatorname*{arg\,max}_{v \in V} p(v \mid h_l)"#, "arg max v ∈ V p ( v ∣ h l )"),
  (#"\mathbb{E}_{x\sim p}\left[ \log p(x) \right]"#, "𝔼 x ∼ p [ log p ( x ) ]"),
  (
    #"D_{\mathrm{KL}}(p\,\|\,q) = \sum_x p(x) \log \frac{p(x)}{q(x)}"#,
    "D KL ( p ‖ q ) = ∑ x p ( x ) log p ( x ) q ( x )"
  ),
  (#"\begin{pmatrix} a & b \\ c & d \end{pmatrix}"#, "( a b c d )"),
  (
    #"\begin{aligned} h_{l+1} &= h_l + a_l \\ &= x + \sum_{k \le l} a_k \end{aligned}"#,
    "h l + 1 = h l + a l = x + ∑ k ≤ l a k"
  ),
  (#"f(x)=\begin{cases} 1 & x>0 \\ 0 & \text{otherwise}\end{cases}"#, "f ( x ) = { 1 x > 0 0 otherwise"),
  (#"\sqrt[3]{x} + \sqrt{d_k}"#, "x 3 + d k"),
  (#"\lVert h_l - h_{l+1} \rVert_2^2"#, "‖ h l − h l + 1 ‖ 2 2"),
  (
    #"d(h_l, h_{l+1}) = \frac{1}{\pi}\arccos\left( \frac{h_l \cdot h_{l+1}}{\lVert h_l\rVert\,\lVert h_{l+1}\rVert} \right)"#,
    "d ( h l , h l + 1 ) = 1 π arccos ( h l ⋅ h l + 1 ‖ h l ‖ ‖ h l + 1 ‖ )"
  ),
  (#"\mathcal{L} = \mathcal{L}_1 + \gamma \mathcal{L}_2"#, "ℒ = ℒ 1 + γ ℒ 2"),
  (#"\mathbf{W}_{ij} \in \mathbb{R}^{d\times d}"#, "𝐖 i j ∈ ℝ d × d"),
  (#"-x, (-x), a = -b"#, "− x , ( − x ) , a = − b"),
  (#"f'(x) + g''"#, "f ′ ( x ) + g ″"),
  (#"\int_0^1 x\,dx"#, "∫ 0 1 x d x"),
  (#"\max_i x_i"#, "max i x i"),
  (#"\cos\theta = 0.95"#, "cos θ = 0.95"),
  (#"\underbrace{a+b}_{n}"#, "a + b ⏟ n"),
  (#"\binom{n}{k}"#, "( n k )"),
  (#"x \neq y, x \notin A, \Gamma, \alpha"#, "x ≠ y , x ∉ A , Γ , α"),
  (#"\big( a / b \big)"#, "( a / b )"),
  (#"\text{if } x \le 0"#, "if\u{A0} x ≤ 0"),
  (#"\mathrm{log} x, \mathfrak{g}, \mathtt{ab}"#, "log x , 𝔤 , 𝚊𝚋"),
  (#"a \not= b"#, "a ≠ b"),
  (#"|x|"#, "| x |"),
  (#"n!"#, "n !"),
  (#"\prod_{k=1}^K p_k"#, "∏ k = 1 K p k"),
  (#"\left| \frac{a}{b} \right|"#, "| a b |"),
  (#"x^{y^z}_i"#, "x i y z"),
  (#"\displaystyle\sum_i x"#, "∑ i x"),
  (#"\overset{!}{=}"#, "= !"),
  (#"\dots, \cdots"#, "… , ⋯"),
  (#"\boldsymbol{\theta}"#, "𝜽"),
  (#"\begin{bmatrix}1\\2\end{bmatrix}"#, "[ 1 2 ]"),
  (#"\begin{array}{lr}a&b\end{array}"#, "a b"),
  (#"p(x \mid y)"#, "p ( x ∣ y )"),
  (#"A \to B \Rightarrow C"#, "A → B ⇒ C"),
]
