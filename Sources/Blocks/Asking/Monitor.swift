/// How engines tell the outside how far they are.
public struct Monitor: Sendable {
  /// Called with an activity, the steps done and all steps.
  public var progress: @Sendable (_ activity: String, _ done: Int, _ total: Int) -> Void

  /// Called where another process computes what is wanted, with whether that is another machine's.
  public var waits: @Sendable (_ isElsewhere: Bool) -> Void

  /// A monitor; silent by default.
  public init(
    progress: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in },
    waits: @escaping @Sendable (Bool) -> Void = { _ in }
  ) { (self.progress, self.waits) = (progress, waits) }
}
