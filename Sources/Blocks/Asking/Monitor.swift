/// How engines tell the outside how far they are.
public struct Monitor: Sendable {
  /// Called with an activity, the steps done and all steps.
  public var progress: @Sendable (_ activity: String, _ done: Int, _ total: Int) -> Void

  /// A monitor; silent by default.
  public init(progress: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }) { self.progress = progress }
}
