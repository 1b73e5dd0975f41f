/// What one step of training costs, the fastest of several.
struct StepTime {
  var seconds = Double.infinity
  var processor = Double.infinity
  /// Bytes.
  var peak = 0.0

  /// Takes in one step more.
  mutating func add(_ seconds: Double, processor: Double) {
    self.seconds = min(self.seconds, seconds)
    self.processor = min(self.processor, processor)
  }

  func report(_ name: String, tokens: Int) {
    print(
      "  \(name): \(rounded(seconds, 3)) s (\(rounded(processor, 3)) s of processor time), "
        + "\(rounded(Double(tokens) / seconds)) tokens/s, peak \(megabytes(peak))")
  }
}
