using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>Asking: sending a message and awaiting the answer.</summary>
public static class Futures
{
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout,
        CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>
    /// The task ends with the answer; with the cause of a <see cref="Status.Failure"/>; with
    /// <see cref="AskTimeoutException"/>; or with <see cref="ArgumentException"/> when the answer is no
    /// <typeparamref name="T"/>. Without a timeout, akka.actor.ask-timeout holds.
    /// </summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        var (ask, result) = Begin<T>(self, timeout, cancellationToken);
        self.Tell(message, ask);
        return result;
    }

    /// <summary>For messages that carry the reference to answer to.</summary>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        var (ask, result) = Begin<T>(self, timeout, cancellationToken);
        self.Tell(messageFactory(ask), ask);
        return result;
    }

    static (IActorRef Ask, Task<T> Result) Begin<T>(ICanTell target, TimeSpan? timeout,
        CancellationToken cancellationToken)
    {
        var provider = ProviderOf(target)
            ?? throw new ArgumentException("Unable to resolve the target Provider", nameof(target));
        var result = new TaskCompletionSource<T>(((ActorSystemImpl)provider.Settings.System).RunsOnCallingThread
            ? TaskCreationOptions.None
            : TaskCreationOptions.RunContinuationsAsynchronously);
        var ask = new FutureActorRef<T>(result, provider);
        var limit = timeout ?? provider.Settings.AskTimeout;
        if (limit > TimeSpan.Zero)
        {
            var timer = new CancellationTokenSource(limit);
            timer.Token.UnsafeRegister(static state =>
            {
                var (source, limit, ask) = ((TaskCompletionSource<T>, TimeSpan, FutureActorRef<T>))state!;
                if (source.TrySetException(new AskTimeoutException($"Timeout after {limit.TotalSeconds:F2} seconds")))
                    ask.Abandon();
            }, (result, limit, ask));
            result.Task.ContinueWith(static (_, state) => ((CancellationTokenSource)state!).Dispose(), timer,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        if (cancellationToken.CanBeCanceled)
        {
            var registration = cancellationToken.UnsafeRegister(static (state, token) =>
            {
                var (source, ask) = ((TaskCompletionSource<T>, FutureActorRef<T>))state!;
                if (source.TrySetCanceled(token))
                    ask.Abandon();
            }, (result, ask));
            result.Task.ContinueWith(static (_, state) => ((CancellationTokenRegistration)state!).Unregister(),
                registration,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return (ask, result.Task);
    }

    static IActorRefProvider? ProviderOf(ICanTell target) => target switch
    {
        ActorSelection selection => ProviderOf(selection.Anchor),
        Nobody => ActorCell.Current?.SystemImpl.Provider,
        IInternalActorRef actor => actor.Provider,
        _ => ActorCell.Current?.SystemImpl.Provider,
    };
}
