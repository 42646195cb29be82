using Akka.Actor;
using Akka.Zab.Protocol;

namespace Akka.Zab.Hosting;

/// <summary>The actors below <c>/user/zab</c>.</summary>
internal sealed record MemberActors(
    IActorRef Peer, IActorRef History, IActorRef Replica, IActorRef Sessions, IActorRef Clients);

/// <summary>
/// What the supervisor lets the rest of the process see: whether this server serves, and whether it has stopped.
/// </summary>
internal sealed class MemberState
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<string?> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Completes when this server serves clients; one that was taken while it did not, at the next time it does.
    /// </summary>
    public Task Serving
    {
        get
        {
            lock (_lock) return _serving.Task;
        }
    }

    /// <summary>Completes when the member has stopped: with a sentence that says what failed, or with null.</summary>
    public Task<string?> Stopped => _stopped.Task;

    /// <summary>The supervisor heard from the peer.</summary>
    public void Changed(ServingChanged changed)
    {
        lock (_lock)
        {
            if (changed.Serving)
                _serving.TrySetResult();
            else if (_serving.Task.IsCompleted)
                _serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The member has stopped.</summary>
    public void Stop(string? failure) => _stopped.TrySetResult(failure);
}
