using System.Diagnostics;
using Akka.Actor;
using Akka.Zab.Client.Diagnostics;

namespace Akka.Zab.Client;

/// <summary>
/// A session with the ensemble: over Akka's messages, from an actor system in the cluster or from any other that has
/// remoting, or over ZooKeeper's protocol. It tries the servers it was given and keeps its session, with its ephemeral
/// znodes and its watches, when a server is lost. It may be used by many threads; requests take effect in the order of
/// the calls.
/// </summary>
/// <remarks>
/// <para>
/// What every call may throw, beside what it names itself: <see cref="SessionExpiredException"/>, once the session is
/// over; <see cref="NoAuthException"/>; <see cref="BadArgumentsException"/>, for a path that is none; and
/// <see cref="OperationCanceledException"/>. A token that is cancelled stops the waiting, not the request: a write may
/// still be done.
/// </para>
/// <para>
/// What a lost connection means: a call that only reads is asked again, as that has no effect but the answer. A call
/// that writes and was under way fails with <see cref="ConnectionLossException"/>: it may have been done, and nothing
/// that writes is sent twice unless the call says that it does so, and why that is safe. What was called while there is
/// no connection waits for the next one, which is sought at once and then again and again, with pauses that grow, until
/// the servers say that the session has expired.
/// </para>
/// <para>
/// Writes are linearizable; a read shows a state at least as late as everything this client has seen, and after
/// <see cref="SyncAsync"/>, or with <see cref="ReadConsistency.Linearizable"/>, everything that was committed before.
/// </para>
/// <para>
/// Over Akka, a process that could not be reached is not tried again by the transport for
/// <c>akka.remote.retry-gate-closed-for</c>, by default 5 s: set it well below the session timeout, or a session may
/// expire while its server is back.
/// </para>
/// </remarks>
public sealed partial class ZabClient : IAsyncDisposable
{
    private readonly IActorRef _actor;
    private readonly CallQueue _calls;
    private readonly WatchHub _hub;
    private readonly TimeSpan _closeTimeout;
    private readonly ActorSystem? _ownSystem;

    private ZabClient(
        IActorRef actor, CallQueue calls, WatchHub hub, TimeSpan closeTimeout, ActorSystem? ownSystem,
        ClientTelemetry telemetry)
    {
        Telemetry = telemetry;
        _ownSystem = ownSystem;
        _actor = actor;
        _calls = calls;
        _hub = hub;
        _closeTimeout = closeTimeout;
    }

    /// <summary>The session's id; the owner of the ephemeral znodes that this client creates.</summary>
    public long SessionId => _hub.SessionId;

    /// <summary>The state of the connection at this moment; <see cref="ReadStatesAsync"/> tells every change.</summary>
    public ConnectionState State => _hub.State;

    /// <summary>
    /// Waits until the server has everything that was committed before this call, as a quorum confirms: a read after it
    /// is linearizable.
    /// </summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <remarks>A lost connection is no failure: it is asked again over the next one.</remarks>
    /// <exception cref="SessionExpiredException">The session is over.</exception>
    public Task SyncAsync(CancellationToken cancellation = default) =>
        Ask<SyncReply>(new Sync("/"), null, cancellation);

    /// <summary>
    /// Closes the session, which deletes its ephemeral znodes. If no server answers in time, the session is left to its
    /// timeout.
    /// </summary>
    /// <remarks>Throws nothing.</remarks>
    public async ValueTask DisposeAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _actor.Tell(new CloseClient(done), ActorRefs.NoSender);
        try
        {
            await done.Task.WaitAsync(_closeTimeout, _hub.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _actor.Tell(new AbandonClient(), ActorRefs.NoSender);
        }
        _hub.Complete();
        if (_ownSystem is not null) await _ownSystem.Terminate().ConfigureAwait(false);
    }

    /// <summary>Stops at once and leaves the session to its timeout, as a client does that dies.</summary>
    internal void Abandon() => _actor.Tell(new AbandonClient(), ActorRefs.NoSender);

    /// <summary>Watch events and changes of state, for whoever waits for them within this process.</summary>
    internal WatchHub Hub => _hub;

    private async Task<T> Ask<T>(Request request, string? path, CancellationToken cancellation) where T : Reply =>
        Expect<T>(await CallAsync(request, cancellation).ConfigureAwait(false), path);

    private async Task<Reply> SendAsync(Request request, Activity? span, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var call = new ClientCall(request, span);
        _calls.Add(call, _actor);
        if (!cancellation.CanBeCanceled) return await call.Task.ConfigureAwait(false);
        using var _ = cancellation.UnsafeRegister(
            static (state, token) => ((ClientCall)state!).TrySetCanceled(token), call);
        return await call.Task.ConfigureAwait(false);
    }

    /// <summary>The reply as what it has to be.</summary>
    /// <exception cref="ZabException">It is an error, or something else.</exception>
    internal static T Expect<T>(Reply reply, string? path) where T : Reply => reply switch
    {
        T expected => expected,
        ErrorReply error => throw ZabException.For(error.Error, path),
        _ => throw ZabException.For(ZabError.MarshallingError, path),
    };
}
