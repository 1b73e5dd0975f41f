/// A documented generator of random numbers: xoshiro256** seeded through SplitMix64.
///
/// A stream is made from a seed and a name, so adding one analysis to a report never changes the numbers of another:
/// the state of SplitMix64 starts as `seed XOR h`, where `h` is the 64-bit FNV-1a hash of the name's UTF-8 bytes, and
/// its first four outputs are the state of xoshiro256**. Source: Blackman and Vigna, "Scrambled linear pseudorandom
/// number generators" (2021); Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
public struct RandomStream: RandomNumberGenerator, Sendable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// Starts the stream with this name under a seed.
  public init(seed: UInt64, stream: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in stream.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    var state = seed ^ hash
    s0 = Self.splitMix(&state)
    s1 = Self.splitMix(&state)
    s2 = Self.splitMix(&state)
    s3 = Self.splitMix(&state)
  }

  /// Starts the stream with this name under a seed that may be negative; its bits are used.
  public init(seed: Int, stream: String) { self.init(seed: UInt64(bitPattern: Int64(seed)), stream: stream) }

  /// Starts from a given state of xoshiro256**, for tests against its published outputs.
  package init(state: (UInt64, UInt64, UInt64, UInt64)) { (s0, s1, s2, s3) = state }

  /// The next output of SplitMix64.
  package static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let product = s1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// An integer uniform on `0..<bound`, without bias.
  ///
  /// The high word of a 128-bit product, rejecting the few low words that would favour some results. Source: Lemire,
  /// "Fast random integer generation in an interval" (2019).
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "no integer lies below \(bound)")
    let range = UInt64(bound)
    let threshold = (0 &- range) % range
    while true {
      let product = next().multipliedFullWidth(by: range)
      if product.low >= threshold { return Int(product.high) }
    }
  }

  /// A number uniform on [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A permutation of `0..<count`, all equally likely (Fisher and Yates, from the last place down).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<max(count, 0))
    shuffle(&order)
    return order
  }

  /// Puts elements in random order, all orders equally likely.
  public mutating func shuffle<T>(_ elements: inout [T]) {
    for place in stride(from: elements.count - 1, to: 0, by: -1) {
      let other = integer(below: place + 1)
      if other != place { elements.swapAt(place, other) }
    }
  }

  /// `count` different integers below `bound`, in the order drawn.
  public mutating func sample(_ count: Int, below bound: Int) -> [Int] {
    precondition(count >= 0 && count <= bound, "cannot draw \(count) different integers below \(bound)")
    var order = Array(0..<bound)
    for place in 0..<count {
      let other = place + integer(below: bound - place)
      if other != place { order.swapAt(place, other) }
    }
    return Array(order[0..<count])
  }
}
