using Akka.Actor;

namespace Akka.TestKit;

/// <summary>What the test kit tells its test actor, and short names for what tests tell it through the kit.</summary>
public static class TestActor
{
    public delegate bool Ignore(object message);

    public static AutoPilot NoAutoPilot => TestKit.NoAutoPilot.Instance;

    public static AutoPilot KeepRunning => TestKit.KeepRunning.Instance;

    public static NullMessageEnvelope NullMessage => NullMessageEnvelope.Instance;

    /// <summary>Drop the messages that a function picks; null ends that.</summary>
    internal sealed record SetIgnore(Ignore? Ignore) : INoSerializationVerificationNeeded;

    internal sealed record SetAutoPilot(AutoPilot AutoPilot) : INoSerializationVerificationNeeded;

    internal sealed record Watch(IActorRef Actor) : INoSerializationVerificationNeeded;

    internal sealed record Unwatch(IActorRef Actor) : INoSerializationVerificationNeeded;

    /// <summary>The answer to <see cref="Watch"/> and <see cref="Unwatch"/>.</summary>
    internal sealed record Done : INoSerializationVerificationNeeded
    {
        public static readonly Done Instance = new();
    }

    /// <summary>Start a child; its reference comes back as a message.</summary>
    internal sealed record Spawn(Props Props, string? Name) : INoSerializationVerificationNeeded;
}
