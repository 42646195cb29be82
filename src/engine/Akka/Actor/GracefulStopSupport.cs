using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>Stopping an actor and awaiting its end.</summary>
public static class GracefulStopSupport
{
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        GracefulStop(target, timeout, PoisonPill.Instance);

    /// <summary>True once the actor has ended; false when it has not by the timeout.</summary>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        using var timer = new CancellationTokenSource(timeout);
        var ended = target.WatchAsync(timer.Token);
        target.Tell(stopMessage, ActorRefs.NoSender);
        return await ended.ConfigureAwait(false);
    }
}

/// <summary>Awaiting an actor's end.</summary>
public static class WatchAsyncSupport
{
    /// <summary>True once the actor has ended; false when the token was cancelled before.</summary>
    public static async Task<bool> WatchAsync(this IActorRef target, CancellationToken token = default)
    {
        if (target is not IInternalActorRef actor || target.IsNobody())
            throw new InvalidOperationException("Nobody cannot be watched.");
        var ended = new TaskCompletionSource<Terminated>(TaskCreationOptions.RunContinuationsAsynchronously);
        var watcher = new FutureActorRef<Terminated>(ended, actor.Provider.TempPath(), actor.Provider);
        actor.SendSystemMessage(new Watch(actor, watcher));
        await using var _ = token.UnsafeRegister(static state =>
        {
            var (source, watcher, actor) =
                ((TaskCompletionSource<Terminated>, FutureActorRef<Terminated>, IInternalActorRef))state!;
            if (!source.TrySetCanceled())
                return;
            actor.SendSystemMessage(new Unwatch(actor, watcher));
            watcher.Abandon();
        }, (ended, watcher, actor));
        try
        {
            await ended.Task.ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
