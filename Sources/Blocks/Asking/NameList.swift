extension String {
  /// The names that a setting lists, without the spaces around them.
  var namesBetweenCommas: [String] {
    split(separator: ",").map { name in
      var name = name.drop { $0 == " " }
      while name.last == " " { name.removeLast() }
      return String(name)
    }
  }
}
