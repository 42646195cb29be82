using Akka.Actor;
using Akka.TestKit.Internal;

namespace Akka.TestKit.TestEvent;

/// <summary>To the <see cref="TestEventListener"/>: keep what these filters pick out of the log.</summary>
sealed record Mute(IReadOnlyCollection<LogFilter> Filters) : INoSerializationVerificationNeeded;

/// <summary>To the <see cref="TestEventListener"/>: forget these filters.</summary>
sealed record Unmute(IReadOnlyCollection<LogFilter> Filters) : INoSerializationVerificationNeeded;
