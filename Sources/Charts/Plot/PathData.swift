/// Writes a coordinate with at most two decimals and nothing superfluous: "12", "0.5", "-3.25".
///
/// One decimal is a tenth of a pixel at the sizes used here; bytes matter because reports hold hundreds of points.
func coordinate(_ value: Double, decimals: Int = 1) -> String {
  let scale = decimals == 2 ? 100.0 : 10.0
  let limited = max(-1e6, min(1e6, value.isFinite ? value : 0))
  let units = Int((limited * scale).rounded())
  let whole = units.magnitude / UInt(scale)
  var fraction = units.magnitude % UInt(scale)
  var places = decimals == 2 ? 2 : 1
  while places > 0, fraction % 10 == 0 {
    fraction /= 10
    places -= 1
  }
  let sign = units < 0 ? "-" : ""
  if places == 0 { return sign + String(whole) }
  let digits = String(fraction)
  return sign + String(whole) + "." + String(repeating: "0", count: places - digits.count) + digits
}

/// The `d` attribute of a path, built command by command.
struct PathData {
  private(set) var text = ""

  /// Whether nothing has been drawn.
  var isEmpty: Bool { text.isEmpty }

  mutating func move(_ x: Double, _ y: Double) { add("M", x, y) }
  mutating func line(_ x: Double, _ y: Double) { add("L", x, y) }
  /// Moves down from where the path stands: shorter than a new place where only the height changes.
  mutating func moveDown(by dy: Double) {
    let text = coordinate(dy)
    self.text += text.hasPrefix("-") ? "m0" + text : "m0 " + text
  }
  /// Moves back to the left and down, likewise.
  mutating func moveBack(by dx: Double, down dy: Double) {
    let text = coordinate(dy)
    self.text += "m-" + coordinate(dx) + (text.hasPrefix("-") ? "" : " ") + text
  }
  mutating func horizontal(by dx: Double) { text += "h" + coordinate(dx) }
  mutating func vertical(by dy: Double) { text += "v" + coordinate(dy) }
  mutating func close() { text += "z" }

  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double) {
    move(x, y)
    horizontal(by: width)
    vertical(by: height)
    horizontal(by: -width)
    close()
  }

  private mutating func add(_ command: Character, _ x: Double, _ y: Double) {
    text.append(command)
    let second = coordinate(y)
    text += coordinate(x)
    text += second.hasPrefix("-") ? second : " " + second
  }
}
