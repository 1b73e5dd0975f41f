import Tensors

/// Short stories whose end hangs on their beginning, with sentences in between that have nothing to do with it.
struct AtlasStories {
  let world: AtlasWorld

  /// One story of any kind.
  func story(_ random: inout RandomStream) -> String {
    switch random.integer(below: 7) {
    case 0: journey(&random)
    case 1: homeland(&random)
    case 2: meeting(&random)
    case 3: search(&random)
    case 4: apprentice(&random)
    case 5: hidingPlace(&random)
    default: counting(&random)
    }
  }

  private func journey(_ random: inout RandomStream) -> String {
    let (who, from, to) = (random.element(of: Self.people), country(&random), country(&random))
    return "\(who.name) travelled from \(from.capital) to \(to.capital). In \(to.name) \(who.name) heard people speak "
      + "\(to.language) and paid with the \(to.currency)."
  }

  private func homeland(_ random: inout RandomStream) -> String {
    let (who, other) = two(&random)
    let (home, job) = (country(&random).name, random.element(of: Self.jobs))
    return "\(who.name) was born in \(home) and worked there as a \(job). \(between(&random))In a letter to "
      + "\(other.name), \(who.name) wrote that \(who.pronoun) missed \(home)."
  }

  private func meeting(_ random: inout RandomStream) -> String {
    let (who, other) = two(&random)
    let (place, thing) = (random.element(of: Self.places), random.element(of: Self.things))
    return "\(who.name) and \(other.name) met in the \(place). \(who.name) asked for the \(thing). \(between(&random))"
      + "At last \(other.name) smiled and gave the \(thing) to \(who.name)."
  }

  private func search(_ random: inout RandomStream) -> String {
    let who = random.element(of: Self.people)
    let day = random.integer(below: Self.days.count)
    let next = Self.days[(day + 1) % Self.days.count]
    return "On \(Self.days[day]) \(who.name) went to the \(random.element(of: Self.places)) to look for the "
      + "\(object(&random)). \(between(&random))The next day, \(next), \(who.pronoun) found it in the "
      + "\(random.element(of: Self.containers)). It was the day after \(Self.days[day])."
  }

  private func apprentice(_ random: inout RandomStream) -> String {
    let (who, other) = two(&random)
    let job = random.element(of: Self.jobs)
    return "\(who.name) is a \(job) who lives near the \(random.element(of: Self.places)). \(between(&random))"
      + "\(other.name) wanted to learn the trade and asked \(who.name) for help. \(aside(&random)) Years later "
      + "\(other.name) became a \(job)."
  }

  private func hidingPlace(_ random: inout RandomStream) -> String {
    let who = random.element(of: Self.people)
    let (object, container) = (object(&random), random.element(of: Self.containers))
    let place = random.element(of: Self.places)
    return "\(who.name) put the \(object) into the \(container) in the \(place). \(between(&random))When "
      + "\(who.pronoun) came back to the \(place), \(who.pronoun) opened the \(container) and took out the \(object)."
  }

  private func counting(_ random: inout RandomStream) -> String {
    let (length, start) = (random.element(of: Self.countLengths), random.integer(below: Self.countStarts))
    return Self.counting(length, from: start)
  }

  private static func counting(_ length: Int, from start: Int) -> String {
    let words = numbers[start..<start + length]
    return "They counted \(words.dropLast().joined(separator: ", ")) and then \(words[start + length - 1])."
  }

  private static let countLengths = [4, 5]
  private static let countStarts = 8
  /// Every story in which somebody counts: so few that no corpus is without them.
  static let countings = Set(
    countLengths.flatMap { length in (0..<countStarts).map { counting(length, from: $0) } })

  // MARK: - Parts

  private func country(_ random: inout RandomStream) -> AtlasWorld.Country { random.element(of: world.countries) }

  private func two(_ random: inout RandomStream) -> (Person, Person) {
    let pair = random.sample(2, below: Self.people.count)
    return (Self.people[pair[0]], Self.people[pair[1]])
  }

  private func object(_ random: inout RandomStream) -> String {
    "\(random.element(of: Self.adjectives)) \(random.element(of: Self.things))"
  }

  /// The weather or the hour, and none to three other asides.
  private func between(_ random: inout RandomStream) -> String {
    var sentences = random.integer(below: 3) == 0 ? [] : [random.element(of: Self.scenes)]
    for _ in 0..<random.integer(below: 4) { sentences.append(aside(&random)) }
    return sentences.map { $0 + " " }.joined()
  }

  private func aside(_ random: inout RandomStream) -> String {
    switch random.integer(below: 9) {
    case 0: "The clock struck \(Self.numbers[random.integer(below: 12)])."
    case 1: "A train left for \(country(&random).capital)."
    case 2: "The road to \(country(&random).capital) was empty."
    case 3: "A \(random.element(of: AtlasWorld.animals).name) could be heard outside."
    default: random.element(of: Self.asides)
    }
  }
}

extension AtlasStories {
  struct Person {
    var name: String
    var pronoun: String
  }

  static let people: [Person] =
    [
      "Anton", "Bruno", "Dario", "Felix", "Henrik", "Ivan", "Jonas", "Kofi", "Marek", "Milo", "Oskar", "Pavel", "Tomas",
      "Viktor",
    ]
    .map { Person(name: $0, pronoun: "he") }
    + [
      "Amara", "Clara", "Elena", "Emi", "Greta", "Hana", "Ingrid", "Leila", "Lucia", "Mina", "Nadia", "Rosa", "Sana",
      "Sofie", "Yuki", "Zara",
    ].map { Person(name: $0, pronoun: "she") }
  static let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
  static let numbers = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
  ]
  static let jobs = [
    "baker", "carpenter", "clockmaker", "doctor", "farmer", "librarian", "painter", "sailor", "singer", "teacher",
  ]
  static let places = [
    "attic", "bakery", "barn", "cellar", "chapel", "garden", "harbour", "kitchen", "library", "market", "mill",
    "office",
    "station", "tower", "workshop",
  ]
  static let things = [
    "basket", "book", "bottle", "candle", "clock", "coin", "compass", "drum", "flute", "hammer", "kettle", "key",
    "lantern", "letter", "map", "mirror", "ring", "rope", "scarf", "violin",
  ]
  static let adjectives = [
    "blue", "brass", "broken", "glass", "golden", "heavy", "old", "paper", "red", "silver", "small", "wooden",
  ]
  static let containers = [
    "bag", "box", "cabinet", "chest", "cupboard", "drawer", "jar", "pocket", "sack", "trunk",
  ]
  static let scenes = [
    "It was raining.", "Snow covered the roofs.", "A cold wind blew from the sea.", "The night was quiet.",
    "Fog lay over the river.", "The sun was low.", "It was a warm evening.",
  ]
  static let asides = [
    "The floor creaked.", "Nobody spoke for a while.", "There was a smell of bread.", "Somebody closed a window.",
    "Then the lamp went out.", "Far away a bell rang.",
  ]
}
