/// Conversion of tensor bytes, little-endian and perhaps unaligned, to numbers.
///
/// The loops are written so that the compiler vectorises them: no branch on a value, whole words only.
enum TensorConversion {
  /// Converts `bytes`, of a floating-point type, to the nearest `Float`s.
  static func floats(
    _ bytes: UnsafeRawBufferPointer, _ type: TensorType, into target: UnsafeMutableBufferPointer<Float>
  ) {
    guard let source = bytes.baseAddress, let target = target.baseAddress else { return }
    let count = bytes.count / type.byteCount
    switch type {
    case .f32: target.withMemoryRebound(to: UInt8.self, capacity: 4 * count) { copy(source, $0, 4 * count) }
    case .bf16:
      for index in 0..<count {
        let bits = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        target[index] = Float(bitPattern: UInt32(bits) << 16)
      }
    case .f16:
      for index in 0..<count {
        target[index] = half(source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
      }
    case .f64:
      for index in 0..<count {
        target[index] = Float(source.loadUnaligned(fromByteOffset: 8 * index, as: Double.self))
      }
    default: preconditionFailure("\(type.rawValue) is no floating-point type")
    }
  }

  /// The value of an IEEE 754 binary16 pattern.
  ///
  /// The 15 bits below the sign, moved to the place of a binary32's, give the value divided by 2^112, subnormals
  /// included; only infinities and NaNs need their exponent completed.
  @inline(__always)
  static func half(_ pattern: UInt16) -> Float {
    let bits = UInt32(pattern)
    let shifted = (bits & 0x7FFF) << 13
    let scaled = (Float(bitPattern: shifted) * 0x1p112).bitPattern
    let magnitude = shifted >= 0x0F80_0000 ? shifted | 0x7F80_0000 : scaled
    return Float(bitPattern: magnitude | (bits & 0x8000) << 16)
  }

  /// Converts `bytes`, of an integer type, to whole numbers.
  static func integers(_ bytes: UnsafeRawBufferPointer, _ type: TensorType) -> [Int64] {
    let count = bytes.count / type.byteCount
    return (0..<count).map { index in
      switch type {
      case .i64: bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self)
      case .i32: Int64(bytes.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self))
      case .bool: bytes[index] == 0 ? 0 : 1
      default: Int64(bytes[index])
      }
    }
  }

  private static func copy(_ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<UInt8>, _ count: Int) {
    UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: count)
  }
}

/// The position of the first value that is NaN or infinite; nil where all are finite.
public func firstNonFinite(_ values: UnsafeBufferPointer<Float>) -> Int? {
  // The largest magnitude pattern is an integer maximum, which vectorises; only a bad tensor is searched.
  var largest: UInt32 = 0
  for value in values { largest = max(largest, value.bitPattern & 0x7FFF_FFFF) }
  return largest < 0x7F80_0000 ? nil : values.firstIndex { !$0.isFinite }
}
