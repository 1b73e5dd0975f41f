extension Array where Element == Double {
  /// Moves the number of rank `rank` in ascending order to its place, with none above it before and none below it behind.
  ///
  /// What a sort would do for the one place that is asked for, in time linear in the count. Source: Hoare, "Algorithm 65:
  /// find" (1961).
  mutating func select(_ rank: Int) {
    precondition(indices.contains(rank), "no rank \(rank) among \(count) numbers")
    var (low, high) = (0, count - 1)
    while low < high {
      // The middle of three keeps rows that are in order already from taking quadratic time.
      let (first, middle, last) = (self[low], self[low + (high - low) / 2], self[high])
      let pivot = Swift.max(Swift.min(first, middle), Swift.min(Swift.max(first, middle), last))
      var (left, right) = (low, high)
      while left <= right {
        while self[left] < pivot { left += 1 }
        while pivot < self[right] { right -= 1 }
        if left > right { break }
        swapAt(left, right)
        left += 1
        right -= 1
      }
      if rank <= right { high = right } else if rank >= left { low = left } else { return }
    }
  }
}
