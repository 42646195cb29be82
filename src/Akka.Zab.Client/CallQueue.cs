using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Zab.Client;

/// <summary>
/// The calls that a client's actor has not taken yet. They do not go through its mailbox, because what lies there when
/// an actor stops is never answered.
/// </summary>
internal sealed class CallQueue
{
    private static readonly CallsWaiting Waiting = new();

    private readonly ConcurrentQueue<ClientCall> _calls = new();
    private int _told;
    private volatile bool _closed;

    /// <summary>Leaves a call for the actor, which is told unless it has been already.</summary>
    public void Add(ClientCall call, IActorRef actor)
    {
        _calls.Enqueue(call);
        if (_closed) Refuse();
        else if (Interlocked.Exchange(ref _told, 1) == 0) actor.Tell(Waiting, ActorRefs.NoSender);
    }

    /// <summary>The actor looks: whatever is added from now on, it is told of.</summary>
    public void Look() => Interlocked.Exchange(ref _told, 0); // seen by others before the queue is looked at

    /// <summary>Takes the next call.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ClientCall? call) =>
        _calls.TryDequeue(out call);

    /// <summary>The actor has stopped: what is here and what comes is refused.</summary>
    public void Close()
    {
        _closed = true;
        Refuse();
    }

    private void Refuse()
    {
        while (_calls.TryDequeue(out var call)) call.TrySetResult(new ErrorReply(ZabError.SessionExpired));
    }
}
