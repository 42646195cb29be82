using Akka.Actor;

namespace Akka.Persistence;

sealed class RequestRecoveryPermit
{
    public static readonly RequestRecoveryPermit Instance = new();
}

sealed class RecoveryPermitGranted
{
    public static readonly RecoveryPermitGranted Instance = new();
}

sealed class ReturnRecoveryPermit
{
    public static readonly ReturnRecoveryPermit Instance = new();
}

/// <summary>Lets only so many actors recover at once, so that their replays don't bury the journal.</summary>
sealed class RecoveryPermitter(int maxPermits) : UntypedActor
{
    readonly Queue<IActorRef> _waiting = new();

    // A holder or waiter that stops gives its place back: both are watched.
    readonly HashSet<IActorRef> _holders = [];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RequestRecoveryPermit:
                Context.Watch(Sender);
                if (_holders.Count < maxPermits)
                    Grant(Sender);
                else
                    _waiting.Enqueue(Sender);
                break;
            case ReturnRecoveryPermit:
                Context.Unwatch(Sender);
                Return(Sender);
                break;
            case Terminated terminated:
                Return(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    void Grant(IActorRef actor)
    {
        _holders.Add(actor);
        actor.Tell(RecoveryPermitGranted.Instance, Self);
    }

    void Return(IActorRef actor)
    {
        if (!_holders.Remove(actor))
        {
            // Stopped while it waited.
            for (var i = _waiting.Count; i > 0; i--)
                if (_waiting.Dequeue() is var other && !other.Equals(actor))
                    _waiting.Enqueue(other);
            return;
        }
        if (_waiting.TryDequeue(out var next))
            Grant(next);
    }
}
