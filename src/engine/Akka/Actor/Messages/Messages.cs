namespace Akka.Actor;

/// <summary>Handled by the actor's cell; never reaches user code unasked.</summary>
public interface IAutoReceivedMessage;

/// <summary>Not accepted from strangers when remote peers are not trusted.</summary>
public interface IPossiblyHarmful;

/// <summary>Never leaves the process, so it is never serialised for verification.</summary>
public interface INoSerializationVerificationNeeded;

/// <summary>Does not restart the countdown of a receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>A message around another.</summary>
public interface IWrappedMessage
{
    object Message { get; }
}

/// <summary>Access to the message inside wrappers.</summary>
public static class WrappedMessage
{
    public static object Unwrap(object message)
    {
        while (message is IWrappedMessage wrapped)
            message = wrapped.Message;
        return message;
    }
}

/// <summary>Stops the actor once it has handled everything that was sent before.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful
{
    PoisonPill()
    {
    }

    public static PoisonPill Instance { get; } = new();

    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor fail with <see cref="ActorKilledException"/>, so that its supervisor decides.</summary>
public sealed class Kill : IAutoReceivedMessage
{
    Kill()
    {
    }

    public static Kill Instance { get; } = new();

    public override string ToString() => "<Kill>";
}

/// <summary>No message came for as long as the actor's receive timeout says.</summary>
public class ReceiveTimeout : IPossiblyHarmful
{
    ReceiveTimeout()
    {
    }

    public static ReceiveTimeout Instance { get; } = new();
}

/// <summary>A watched actor is no more.</summary>
public sealed class Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    : IAutoReceivedMessage, IPossiblyHarmful, INoSerializationVerificationNeeded, IEquatable<Terminated>
{
    public IActorRef ActorRef { get; } = actorRef;

    /// <summary>True if the whole node that the actor lived on is gone.</summary>
    public bool AddressTerminated { get; } = addressTerminated;

    /// <summary>False if the actor may never have existed.</summary>
    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    public bool Equals(Terminated? other) => other is not null && ActorRef.Equals(other.ActorRef)
        && AddressTerminated == other.AddressTerminated && ExistenceConfirmed == other.ExistenceConfirmed;

    public override bool Equals(object? obj) => obj is Terminated other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(ActorRef, AddressTerminated, ExistenceConfirmed);

    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>Asks an actor for itself; it answers with an <see cref="ActorIdentity"/>.</summary>
public sealed class Identify(object messageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    public object MessageId { get; } = messageId;

    public override bool Equals(object? obj) => obj is Identify other && Equals(MessageId, other.MessageId);

    public override int GetHashCode() => MessageId?.GetHashCode() ?? 0;

    public override string ToString() => $"<Identify>: {MessageId}";
}

/// <summary>The answer to <see cref="Identify"/>; no subject means that no such actor exists.</summary>
public sealed class ActorIdentity(object messageId, IActorRef? subject)
{
    public object MessageId { get; } = messageId;

    public IActorRef? Subject { get; } = subject;

    public override bool Equals(object? obj) =>
        obj is ActorIdentity other && Equals(MessageId, other.MessageId) && Equals(Subject, other.Subject);

    public override int GetHashCode() => HashCode.Combine(MessageId, Subject);

    public override string ToString() => $"<ActorIdentity>: {Subject} - MessageId={MessageId}";
}

/// <summary>Answers that say how a request ended.</summary>
public abstract class Status
{
    /// <summary>The request succeeded.</summary>
    public sealed class Success(object? status) : Status
    {
        public static readonly Success Instance = new(null);

        public readonly object? Status = status;

        public override string ToString() => $"Success: {Status ?? "null"}";
    }

    /// <summary>The request failed; an ask throws the cause.</summary>
    public sealed class Failure(Exception cause, object? state) : Status
    {
        public readonly Exception Cause = cause;

        public readonly object? State = state;

        public Failure(Exception cause)
            : this(cause, null)
        {
        }

        public override string ToString() => $"Failure: {Cause}" + (State is null ? "" : $". State: {State}");
    }
}

/// <summary>A message and who sent it.</summary>
public readonly struct Envelope
{
    public Envelope(object message, IActorRef? sender)
    {
        Message = message;
        Sender = sender!;
    }

    public Envelope(object message, IActorRef? sender, ActorSystem system)
    {
        Message = message;
        Sender = sender ?? system.DeadLetters;
    }

    public object Message { get; }

    public IActorRef Sender { get; }

    public override string ToString() =>
        $"<{Message ?? "null"}> from {(Sender is null ? "NoSender" : Sender.ToString())}";
}
