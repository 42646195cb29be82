using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A message that the test actor received.</summary>
public abstract class MessageEnvelope
{
    public abstract object Message { get; }

    public abstract IActorRef Sender { get; }
}

/// <summary>A message that the test actor received.</summary>
public class RealMessageEnvelope(object message, IActorRef sender) : MessageEnvelope
{
    public override object Message { get; } = message;

    public override IActorRef Sender { get; } = sender;

    public override string ToString() =>
        $"<{Message ?? "null"}> from {(Sender is null || Sender.IsNobody() ? "nobody" : Sender)}";
}

/// <summary>Stands for the message that did not come.</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    public static NullMessageEnvelope Instance = new();

    NullMessageEnvelope()
    {
    }

    public override object Message => throw Missing();

    public override IActorRef Sender => throw Missing();

    public override string ToString() => "<no message>";

    static IllegalActorStateException Missing() =>
        new("There is no last message: the last attempt to receive one got none.");
}
