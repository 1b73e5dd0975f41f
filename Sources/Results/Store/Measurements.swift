import JSONText

/// What a clock said while a result was computed: the member `measured` of a result.
///
/// It is of one machine and one run, and comes out otherwise every time. No comparison counts it, and where a page is
/// made again to be compared, it is taken over.
public enum Measurements {
  /// The member of a result.
  static let member = "measured"

  /// A computed answer with the measurements of an earlier one.
  ///
  /// - Parameters:
  ///   - computed: `{"result": …}` as the store keeps it.
  ///   - old: The same, computed earlier from the same inputs.
  public static func adopt(into computed: JSONValue, from old: JSONValue) -> JSONValue {
    guard var answer = computed.objectValue, var result = computed["result"]?.objectValue,
      let now = result[member], !now.isNull, let before = old["result"]?[member], !before.isNull
    else { return computed }
    result[member] = before
    answer["result"] = .object(result)
    return .object(answer)
  }

  /// Whether a place in a kept answer holds measurements.
  static func holds(_ path: ValuePath, _ name: String) -> Bool {
    path.steps == [.member("result")] && name == member
  }
}
