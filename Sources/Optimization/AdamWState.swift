import Files

extension AdamW {
  /// What a saved state begins with.
  private static let mark = Array("layerbook.adamw/1\n".utf8)

  /// The settings, the steps taken and both moments as bytes, from which `init(saved:)` makes the same optimizer.
  ///
  /// After a mark, little-endian: steps and count (64-bit integers), β₁, β₂, ε, λ (binary64), m and v (binary32), and the
  /// SHA-256 of all before it.
  public func saved() -> [UInt8] {
    var bytes = AdamW.mark
    bytes.reserveCapacity(bytes.count + 48 + 8 * count + 32)
    for number in [UInt64(steps), UInt64(count)] + settings.numbers.map(\.bitPattern) { bytes.append(number) }
    for value in first { bytes.append(value.bitPattern) }
    for value in second { bytes.append(value.bitPattern) }
    return bytes + sha256(bytes).bytes
  }

  /// Restores a saved state.
  ///
  /// - Throws: `OptimizationError` with code `damagedState` where the bytes are not what `saved()` wrote.
  public init(saved bytes: [UInt8]) throws(OptimizationError) {
    func damaged(_ reason: String) -> OptimizationError { OptimizationError(.damagedState(reason)) }
    let (start, header) = (AdamW.mark.count, AdamW.mark.count + 48)
    guard bytes.starts(with: AdamW.mark) else { throw damaged("it does not begin with the mark of a saved state") }
    guard bytes.count >= header + 32 else { throw damaged("it ends within its header") }
    let numbers: [UInt64] = (0..<6).map { bytes.number(at: start + 8 * $0) }
    // Checked by division, since a damaged count may be large enough to overflow.
    let room = bytes.count - header - 32
    guard room % 8 == 0, numbers[1] == UInt64(room / 8), numbers[0] <= UInt64(Int.max) else {
      throw damaged("it has \(room) bytes of moments, which is not 8 for each of \(numbers[1]) parameters")
    }
    guard sha256(Array(bytes.dropLast(32))).bytes == Array(bytes.suffix(32)) else {
      throw damaged("its checksum does not fit")
    }
    let count = room / 8
    let rates = numbers[2...].map(Double.init(bitPattern:))
    let settings = Settings(beta1: rates[0], beta2: rates[1], epsilon: rates[2], weightDecay: rates[3])
    try self.init(count: count, settings: settings)
    steps = Int(numbers[0])
    for index in 0..<count {
      first[index] = Float(bitPattern: bytes.number(at: header + 4 * index))
      second[index] = Float(bitPattern: bytes.number(at: header + 4 * (count + index)))
    }
  }
}

extension AdamW.Settings {
  fileprivate var numbers: [Double] { [beta1, beta2, epsilon, weightDecay] }
}

extension [UInt8] {
  /// Appends an integer, lowest byte first.
  fileprivate mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    for shift in stride(from: 0, to: Number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  /// Reads an integer, lowest byte first.
  fileprivate func number<Number: FixedWidthInteger & UnsignedInteger>(at offset: Int) -> Number {
    var result: Number = 0
    for byte in 0..<Number.bitWidth / 8 { result |= Number(self[offset + byte]) << Number(8 * byte) }
    return result
  }
}
