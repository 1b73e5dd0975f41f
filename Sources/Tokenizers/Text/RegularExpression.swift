import COnig

/// A compiled regular expression, as Oniguruma (the library of the reference implementation) understands it.
///
/// The one file that knows the library. Its work is limited by an `EncodingBudget`, so that a hostile pattern ends in an
/// error and never in another split: backtracking by the library's own counters, and scanning ahead, which the library
/// does not count, by the bytes that each search can see. The latter does not apply to patterns without unbounded
/// repetition and to those in `KnownPatterns`, which look no further than they match.
final class RegularExpression: @unchecked Sendable {
  /// The pattern as the file spells it.
  let pattern: String
  /// Never changed after `init`; the library searches with one pattern from many threads.
  private let compiled: OnigRegex
  /// Whether a search may look far beyond what it matches.
  private let looksFar: Bool

  /// The library's tables and our properties, set up once.
  private static let isReady: Bool = {
    guard layerbook_onig_start() == ONIG_NORMAL else { return false }
    for (name, ranges) in PatternProperties.definitions() {
      // The library keeps the pointer for as long as the program runs.
      let kept = UnsafeMutableBufferPointer<OnigCodePoint>.allocate(capacity: ranges.count)
      _ = kept.initialize(from: ranges)
      guard onig_unicode_define_user_property(name, kept.baseAddress) == ONIG_NORMAL else { return false }
    }
    return true
  }()

  /// Compiles a pattern.
  ///
  /// - Throws: `PatternError` with the library's message, or the reason why the pattern is refused.
  init(_ pattern: String) throws(PatternError) {
    precondition(Self.isReady, "Oniguruma cannot be started")
    var refusal = ""
    guard let text = PatternText(pattern, refusal: &refusal) else { throw PatternError(message: refusal) }
    self.pattern = pattern
    looksFar = text.repeatsUnbounded && !KnownPatterns.contains(pattern)
    var result: OnigRegex?
    var info = OnigErrorInfo()
    // The message points into the pattern, which must therefore be alive while it is written.
    let message = text.prepared.withUnsafeBufferPointer { bytes -> String? in
      var empty: UInt8 = 0
      return withUnsafePointer(to: &empty) { nothing in
        let code = layerbook_onig_compile(&result, bytes.baseAddress ?? nothing, bytes.count, &info)
        return code == ONIG_NORMAL ? nil : Self.message(code, &info)
      }
    }
    guard message == nil, let result else { throw PatternError(message: message ?? "it cannot be compiled") }
    compiled = result
  }

  deinit { onig_free(compiled) }

  private static func message(_ code: Int32, _ info: inout OnigErrorInfo) -> String {
    let text = [UInt8](unsafeUninitializedCapacity: Int(ONIG_MAX_ERROR_MESSAGE_LEN) + 1) { buffer, count in
      count = buffer.baseAddress.map { Int(layerbook_onig_message($0, code, &info)) } ?? 0
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The matches in a part of a text, which is all that the pattern sees, from left to right; they may be empty.
  func matches(
    in text: [UInt8], _ range: Range<Int>, budget: inout EncodingBudget
  ) throws(EncodingFailure) -> [Range<Int>] {
    guard !range.isEmpty else { return [] }
    var work = SearchWork(budget: budget)
    var matches: [Range<Int>] = []
    let isDone = text.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { search($0 + range.lowerBound, range, &work, &matches) } ?? true
    }
    guard isDone else {
      throw EncodingFailure(
        .limit, "the regular expression '\(Component.quoted(pattern))' takes too many steps on this text")
    }
    budget = work.budget
    return matches
  }

  /// Finds all matches; false where the work exceeds its limit.
  private func search(
    _ start: UnsafePointer<UInt8>, _ range: Range<Int>, _ work: inout SearchWork, _ matches: inout [Range<Int>]
  ) -> Bool {
    guard let region = onig_region_new(), let parameters = onig_new_match_param() else { return false }
    defer {
      onig_region_free(region, 1)
      onig_free_match_param(parameters)
    }
    let end = start + range.count
    var place = 0
    var lastEnd = -1
    while place <= range.count {
      var found: Int32
      guard !looksFar || work.budget.spend(sight: range.count - place) else { return false }
      work.startSearch()
      repeat {
        work.setLimits(of: parameters)
        found = onig_search_with_param(
          compiled, start, end, start + place, end, region, OnigOptionType(ONIG_OPTION_NONE), parameters)
      } while SearchWork.isLimit(found) && work.raiseLimit()
      if found == ONIG_MISMATCH { return true }
      guard found >= 0 else { return false }
      let (matchStart, matchEnd) = (Int(region.pointee.beg[0]), Int(region.pointee.end[0]))
      guard matchStart >= max(lastEnd, 0), matchEnd >= matchStart else { return false }
      if matchStart == matchEnd, matchEnd == lastEnd {
        // An empty match right behind the last one is no match: on with the next character.
        place += place < range.count ? UTF8Text.length(leadingByte: start[place]) : 1
        continue
      }
      matches.append(range.lowerBound + matchStart..<range.lowerBound + matchEnd)
      place = matchEnd
      lastEnd = matchEnd
    }
    return true
  }
}

/// Why a regular expression cannot be used.
struct PatternError: Error {
  /// A clause such as `end pattern at escape`.
  var message: String
}

/// The limits of one search: low at first, raised step by step at the cost of the budget.
///
/// The library does not tell how many steps a search took, only that they were more than a limit. A search that stays
/// below the first limit is free, and there are no more of them than characters.
private struct SearchWork {
  var budget: EncodingBudget
  private var limit = SearchWork.firstLimit

  private static let firstLimit = 1 << 10
  /// The library keeps some forty bytes for every place it may have to return to.
  private static let largestStack = 1 << 22

  init(budget: EncodingBudget) { self.budget = budget }

  /// Whether a result of the library says that a limit was reached.
  static func isLimit(_ result: Int32) -> Bool {
    result == ONIGERR_RETRY_LIMIT_IN_MATCH_OVER || result == ONIGERR_RETRY_LIMIT_IN_SEARCH_OVER
      || result == ONIGERR_MATCH_STACK_LIMIT_OVER
  }

  mutating func startSearch() { limit = Self.firstLimit }

  func setLimits(of parameters: OpaquePointer) {
    onig_set_retry_limit_in_match_of_match_param(parameters, UInt(limit))
    onig_set_retry_limit_in_search_of_match_param(parameters, UInt(limit))
    onig_set_match_stack_limit_size_of_match_param(parameters, UInt32(min(limit, Self.largestStack)))
  }

  /// Pays for a limit sixteen times as high; false where the budget is spent.
  mutating func raiseLimit() -> Bool {
    limit *= 16
    return budget.spend(steps: limit)
  }
}
