using System.Diagnostics;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client.Diagnostics;
using Akka.Zab.Client.Transport;

namespace Akka.Zab.Client;

/// <summary>
/// A session with the ensemble, over Akka: from an actor system in the cluster or from any other that has remoting. It
/// tries the servers it was given and keeps its session, with its ephemeral znodes and its watches, when a server is
/// lost. It may be used by many threads; requests take effect in the order of the calls.
/// </summary>
/// <remarks>
/// A write that is under way when the connection breaks fails with <see cref="ZabError.ConnectionLoss"/>: it may have
/// been done. A read is asked again. Requests made while there is no connection wait for the next one. A token that is
/// cancelled stops the waiting, not the request. Writes are linearizable; a read shows a state at least as late as
/// everything this client has seen, and after <see cref="SyncAsync"/>, or with
/// <see cref="ReadConsistency.Linearizable"/>, everything that was committed before it.
/// <para>
/// A process that could not be reached is not tried again by the transport for
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

    // Of a client that came without an actor system: nothing of it is seen outside.
    private static readonly Config OwnSystem = ConfigurationFactory.ParseString("""
        akka.loglevel = WARNING
        akka.stdout-loglevel = OFF
        akka.log-dead-letters = off
        akka.log-dead-letters-during-shutdown = off
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        """);

    private ZabClient(
        IActorRef actor, CallQueue calls, WatchHub hub, long sessionId, TimeSpan closeTimeout, ActorSystem? ownSystem,
        ClientTelemetry telemetry)
    {
        Telemetry = telemetry;
        _ownSystem = ownSystem;
        _actor = actor;
        _calls = calls;
        _hub = hub;
        _closeTimeout = closeTimeout;
        SessionId = sessionId;
    }

    /// <summary>The session's id; the owner of the ephemeral znodes that this client creates.</summary>
    public long SessionId { get; }

    /// <summary>Opens a session.</summary>
    /// <param name="system">The actor system to connect from.</param>
    /// <param name="servers">
    /// The servers' actor systems, such as <c>akka.tcp://zab@server1:4051</c>; empty for the member in
    /// <paramref name="system"/> itself.
    /// </param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Gives the attempt up.</param>
    /// <exception cref="ArgumentException">An address is not one.</exception>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.OperationTimeout"/>: no server was serving within
    /// <see cref="ZabClientOptions.ConnectTimeout"/>.
    /// </exception>
    public static async Task<ZabClient> ConnectAsync(
        ActorSystem system, IEnumerable<string> servers, ZabClientOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(servers);
        options ??= new ZabClientOptions();
        var rotation = new ServerRotation(Roots(system, servers), options.Shuffle ? Random.Shared : null);
        ZabMessageSerializer.Register(system);
        return await ConnectAsync(system, new AkkaTransport(rotation, options), options, false, cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Opens a session over ZooKeeper's protocol: with servers of Akka.Zab that have the port open, or with an Apache
    /// ZooKeeper of 3.6 or later.
    /// </summary>
    /// <param name="connectString">
    /// The servers as ZooKeeper's clients name them, such as <c>host1:2181,host2:2181,host3:2181/app</c>; what follows
    /// the slash is the <see cref="ZabClientOptions.Chroot"/>.
    /// </param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Gives the attempt up.</param>
    /// <exception cref="ArgumentException">The connect string is not one.</exception>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.OperationTimeout"/>: no server was serving within
    /// <see cref="ZabClientOptions.ConnectTimeout"/>.
    /// </exception>
    public static async Task<ZabClient> ConnectAsync(
        string connectString, ZabClientOptions? options = null, CancellationToken cancellation = default)
    {
        var parsed = ConnectString.Parse(connectString);
        options ??= new ZabClientOptions();
        if (parsed.Chroot.Length > 0) options = options with { Chroot = parsed.Chroot };
        var servers = new ServerRotation(parsed.Servers, options.Shuffle ? Random.Shared : null);
        var system = ActorSystem.Create("zab-client", OwnSystem);
        try
        {
            return await ConnectAsync(system, new WireTransport(servers, options), options, true, cancellation)
                .ConfigureAwait(false);
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<ZabClient> ConnectAsync(
        ActorSystem system, ClientTransport transport, ZabClientOptions options, bool ownsSystem,
        CancellationToken cancellation)
    {
        var connected = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var hub = new WatchHub();
        var calls = new CallQueue();
        var actor = system.ActorOf(
            Props.Create(typeof(ClientActor), transport, options, calls, connected, hub));
        try
        {
            var sessionId = await connected.Task.WaitAsync(options.ConnectTimeout, cancellation).ConfigureAwait(false);
            return new ZabClient(
                actor, calls, hub, sessionId, options.AttemptTimeout, ownsSystem ? system : null, transport.Telemetry);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            actor.Tell(new AbandonClient(), ActorRefs.NoSender);
            if (e is TimeoutException) throw new ZabException(ZabError.OperationTimeout);
            throw;
        }
    }

    /// <summary>Creates a znode.</summary>
    /// <param name="path">Its absolute path; for a sequential mode without the counter.</param>
    /// <param name="data">Its data; null and empty differ.</param>
    /// <param name="mode">Its kind.</param>
    /// <param name="acl">Its access control list; null for one that is open to everybody.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>The path, with the counter if sequential, and the stat.</returns>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.NodeExists"/>, <see cref="ZabError.NoNode"/> and others.
    /// </exception>
    public async Task<CreatedReply> CreateAsync(
        string path, byte[]? data, CreateMode mode = CreateMode.Persistent, IReadOnlyList<Acl>? acl = null,
        CancellationToken cancellation = default) =>
        await Ask<CreatedReply>(new Create(path, data, acl ?? Acl.Open, mode), path, cancellation)
            .ConfigureAwait(false);

    /// <summary>
    /// Creates a znode that is deleted when it has been childless and its data has not been set for a time.
    /// </summary>
    /// <param name="path">Its absolute path; if sequential, without the counter.</param>
    /// <param name="data">Its data; null and empty differ.</param>
    /// <param name="timeToLive">1 ms to about 34 years. Servers look once in <c>container.check-interval</c>.</param>
    /// <param name="sequential">Whether the parent's counter is appended to its name.</param>
    /// <param name="acl">Its access control list; null for one that is open to everybody.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>The path, with the counter if sequential, and the stat.</returns>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.Unimplemented"/>: the servers do not have <c>extended-types</c> on; and others.
    /// </exception>
    public async Task<CreatedReply> CreateWithTimeToLiveAsync(
        string path, byte[]? data, TimeSpan timeToLive, bool sequential = false, IReadOnlyList<Acl>? acl = null,
        CancellationToken cancellation = default)
    {
        var mode = sequential ? CreateMode.PersistentSequentialWithTtl : CreateMode.PersistentWithTtl;
        var ms = (long)timeToLive.TotalMilliseconds;
        var create = new Create(path, data, acl ?? Acl.Open, mode) { TimeToLiveMs = ms };
        return await Ask<CreatedReply>(create, path, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads data and stat.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="watch">Leave a one-shot watch on its data.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException"><see cref="ZabError.NoNode"/> and others.</exception>
    public async Task<DataReply> GetDataAsync(
        string path, bool watch = false, CancellationToken cancellation = default) =>
        await Ask<DataReply>(new GetData(path, Kept(watch)), path, cancellation).ConfigureAwait(false);

    /// <summary>Sets a znode's data.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="data">The new data; null and empty differ.</param>
    /// <param name="version">The expected version, or -1 for any.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.NoNode"/>, <see cref="ZabError.BadVersion"/> and others.
    /// </exception>
    public async Task<Stat> SetDataAsync(
        string path, byte[]? data, int version = -1, CancellationToken cancellation = default) =>
        (await Ask<StatReply>(new SetData(path, data, version), path, cancellation).ConfigureAwait(false)).Stat;

    /// <summary>Deletes a znode that has no children.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="version">The expected version of its data, or -1 for any.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.NoNode"/>, <see cref="ZabError.BadVersion"/>, <see cref="ZabError.NotEmpty"/> and others.
    /// </exception>
    public Task DeleteAsync(string path, int version = -1, CancellationToken cancellation = default) =>
        Ask<DoneReply>(new Delete(path, version), path, cancellation);

    /// <summary>The stat of a znode, or null if it does not exist.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="watch">Leave a one-shot watch: on its data if it exists, on its creation if not.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">For anything but <see cref="ZabError.NoNode"/>.</exception>
    public async Task<Stat?> ExistsAsync(string path, bool watch = false, CancellationToken cancellation = default)
    {
        var reply = await CallAsync(new Exists(path, Kept(watch)), cancellation).ConfigureAwait(false);
        return reply is ErrorReply { Error: ZabError.NoNode } ? null : Expect<StatReply>(reply, path).Stat;
    }

    /// <summary>The names of a znode's children, in ordinal order, and its stat.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="watch">Leave a one-shot watch on the list of children.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException"><see cref="ZabError.NoNode"/> and others.</exception>
    public async Task<ChildrenReply> GetChildrenAsync(
        string path, bool watch = false, CancellationToken cancellation = default) =>
        await Ask<ChildrenReply>(new GetChildren(path, Kept(watch)), path, cancellation).ConfigureAwait(false);

    /// <summary>
    /// Leaves a watch that stays when it has fired, until it is taken back or the session ends. What happens while the
    /// client is between two servers is not told.
    /// </summary>
    /// <param name="path">The znode's absolute path; it need not exist.</param>
    /// <param name="mode">What it covers.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">The request failed.</exception>
    public Task AddWatchAsync(
        string path, AddWatchMode mode = AddWatchMode.Persistent, CancellationToken cancellation = default)
    {
        _hub.KeepEvents();
        return Ask<DoneReply>(new AddWatch(path, mode), path, cancellation);
    }

    /// <summary>
    /// Leaves a watch that stays, and is told first what it would have told since a zxid, without a gap: after a break, or
    /// in another process that carries on. The events come as those of other watches do. Servers remember the latest
    /// 16,384 changes. Not over ZooKeeper's protocol.
    /// </summary>
    /// <param name="path">The znode's absolute path; it need not exist.</param>
    /// <param name="sinceZxid">The last zxid up to which everything is known: of an event, or of a stat.</param>
    /// <param name="mode">What it covers.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.ChangesForgotten"/>: that is too long ago; read everything anew.
    /// </exception>
    public Task ResumeWatchAsync(
        string path, long sinceZxid, AddWatchMode mode = AddWatchMode.Persistent,
        CancellationToken cancellation = default) =>
        Ask<DoneReply>(new ResumeWatch(path, mode, sinceZxid), path, cancellation);

    /// <summary>Some of a znode's children, in the order of their names. Not over ZooKeeper's protocol.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="after">The name after which to begin, whether it is there or not; null for the first page.</param>
    /// <param name="limit">How many names at most: 1 to 100,000.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException"><see cref="ZabError.NoNode"/> and others.</exception>
    public async Task<ChildrenPageReply> GetChildrenPageAsync(
        string path, string? after = null, int limit = 1000, CancellationToken cancellation = default) =>
        await Ask<ChildrenPageReply>(new GetChildrenPage(path, after, limit), path, cancellation).ConfigureAwait(false);

    /// <summary>Takes watches back.</summary>
    /// <param name="path">The path that they are on.</param>
    /// <param name="type">Which of them.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException"><see cref="ZabError.NoWatcher"/>: there were none.</exception>
    public Task RemoveWatchesAsync(
        string path, WatchType type = WatchType.Any, CancellationToken cancellation = default) =>
        Ask<DoneReply>(new RemoveWatches(path, type), path, cancellation);

    /// <summary>The ephemeral znodes of this session, in ordinal order of their paths.</summary>
    /// <param name="prefix">What their paths begin with; <c>/</c> for all of them.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">The request failed.</exception>
    public async Task<IReadOnlyList<string>> GetEphemeralsAsync(
        string prefix = "/", CancellationToken cancellation = default) =>
        (await Ask<PathsReply>(new GetEphemerals(prefix), null, cancellation).ConfigureAwait(false)).Paths;

    /// <summary>How many znodes there are below this one, at whatever depth.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException"><see cref="ZabError.NoNode"/> and others.</exception>
    public async Task<int> GetAllChildrenNumberAsync(string path, CancellationToken cancellation = default) =>
        (await Ask<CountReply>(new GetAllChildrenNumber(path), path, cancellation).ConfigureAwait(false)).Count;

    /// <summary>Several reads of one state of the tree.</summary>
    /// <param name="operations"><see cref="GetData"/> and <see cref="GetChildren"/>; they leave no watches.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>An answer for each, in order; an <see cref="ErrorReply"/> for one that failed.</returns>
    /// <exception cref="ZabException">The request as a whole failed.</exception>
    public async Task<IReadOnlyList<Reply>> MultiReadAsync(
        IReadOnlyList<ReadRequest> operations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        return (await Ask<MultiReply>(new MultiRead(operations), null, cancellation).ConfigureAwait(false)).Results;
    }

    /// <summary>
    /// The ACL of a znode and its stat. Whoever may not change it sees of the ids of <c>digest</c> only the users.
    /// </summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.NoNode"/>, <see cref="ZabError.NoAuth"/> and others.
    /// </exception>
    public async Task<AclReply> GetAclAsync(string path, CancellationToken cancellation = default) =>
        await Ask<AclReply>(new GetAcl(path), path, cancellation).ConfigureAwait(false);

    /// <summary>Sets the ACL of a znode.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="acl">The new ACL; not empty.</param>
    /// <param name="version">The expected version of the ACL (<see cref="Stat.AclVersion"/>), or -1 for any.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">
    /// <see cref="ZabError.NoNode"/>, <see cref="ZabError.NoAuth"/>, <see cref="ZabError.InvalidAcl"/>,
    /// <see cref="ZabError.BadVersion"/> and others.
    /// </exception>
    public async Task<Stat> SetAclAsync(
        string path, IReadOnlyList<Acl> acl, int version = -1, CancellationToken cancellation = default) =>
        (await Ask<StatReply>(new SetAcl(path, acl, version), path, cancellation).ConfigureAwait(false)).Stat;

    /// <summary>
    /// Adds credentials to the session's connections, this one and every later one: they are kept, and shown again to
    /// each server.
    /// </summary>
    /// <param name="scheme">The scheme: <c>digest</c>.</param>
    /// <param name="credentials">The scheme's own form; <c>user:password</c> for <c>digest</c>.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException"><see cref="ZabError.AuthFailed"/>: they were refused.</exception>
    public Task AddAuthAsync(string scheme, byte[] credentials, CancellationToken cancellation = default) =>
        Ask<DoneReply>(new AddAuth(scheme, credentials), null, cancellation);

    /// <summary>What the server knows this connection by; of <c>digest</c> only the users' names.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">The request failed.</exception>
    public async Task<IReadOnlyList<Identity>> WhoAmIAsync(CancellationToken cancellation = default) =>
        (await Ask<WhoAmIReply>(new WhoAmI(), null, cancellation).ConfigureAwait(false)).Identities;

    /// <summary>Does all of these or none, as one transaction.</summary>
    /// <param name="operations">
    /// <see cref="Create"/>, <see cref="Delete"/>, <see cref="SetData"/>, <see cref="Check"/>.
    /// </param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>An answer for each operation, in order.</returns>
    /// <exception cref="ZabMultiException">One of them failed; nothing was done.</exception>
    /// <exception cref="ZabException">The request as a whole failed.</exception>
    public async Task<IReadOnlyList<Reply>> MultiAsync(
        IReadOnlyList<WriteRequest> operations, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(operations);
        var multi = new Multi(operations);
        var reply = Expect<MultiReply>(await CallAsync(multi, cancellation).ConfigureAwait(false), null);
        if (reply.Error == ZabError.Ok) return reply.Results;
        throw new ZabMultiException(reply.Error, reply.Results, FailedPath(multi, reply));
    }

    /// <summary>
    /// Waits until the server has everything that was committed before this call, as a quorum confirms: a read after it
    /// is linearizable.
    /// </summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">The request failed.</exception>
    public Task SyncAsync(CancellationToken cancellation = default) =>
        Ask<SyncReply>(new Sync("/"), null, cancellation);

    /// <summary>
    /// Tells <paramref name="subscriber"/> every <see cref="WatchEvent"/> and <see cref="ConnectionStateChanged"/> from
    /// now on, and the present state first, until it stops.
    /// </summary>
    /// <param name="subscriber">An actor.</param>
    public void Subscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        _actor.Tell(new Subscribe(subscriber), ActorRefs.NoSender);
    }

    /// <summary>
    /// The watch events as they come, from the first that was not read yet, until the client is closed. Events are
    /// shared among those who read at the same time: let one reader be enough.
    /// </summary>
    /// <param name="cancellation">Ends the reading.</param>
    public async IAsyncEnumerable<WatchEvent> ReadWatchEventsAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        _hub.KeepEvents();
        await foreach (var fired in _hub.Events.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return fired;
    }

    /// <summary>
    /// Closes the session, which deletes its ephemeral znodes. If no server answers in time, the session is left to its
    /// timeout.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _actor.Tell(new CloseClient(done), ActorRefs.NoSender);
        try
        {
            await done.Task.WaitAsync(_closeTimeout).ConfigureAwait(false);
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

    // Who asks for a watch reads the events.
    private bool Kept(bool watch)
    {
        if (watch) _hub.KeepEvents();
        return watch;
    }

    private async Task<T> Ask<T>(Request request, string? path, CancellationToken cancellation) where T : Reply =>
        Expect<T>(await CallAsync(request, cancellation).ConfigureAwait(false), path);

    /// <summary>Watch events and changes of state, for whoever waits for them within this process.</summary>
    internal WatchHub Hub => _hub;

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
        ErrorReply error => throw new ZabException(error.Error, path),
        _ => throw new ZabException(ZabError.MarshallingError, path),
    };

    private static string? FailedPath(Multi multi, MultiReply reply)
    {
        for (var i = 0; i < reply.Results.Count && i < multi.Operations.Count; i++)
        {
            if (reply.Results[i] is not ErrorReply { Error: var error } || error != reply.Error) continue;
            return multi.Operations[i] switch
            {
                Create create => create.Path,
                Delete delete => delete.Path,
                SetData set => set.Path,
                Check check => check.Path,
                _ => null,
            };
        }
        return null;
    }

    private static string[] Roots(ActorSystem system, IEnumerable<string> servers)
    {
        var roots = new List<string>();
        foreach (var server in servers)
        {
            Address address;
            try
            {
                address = Address.Parse(server);
            }
            catch (Exception e) when (e is UriFormatException or FormatException)
            {
                throw new ArgumentException(
                    $"\"{server}\" is not the address of an actor system, such as akka.tcp://zab@server1:4051.",
                    nameof(servers));
            }
            roots.Add(address.ToString());
        }
        if (roots.Count == 0) roots.Add($"akka://{system.Name}");
        return [.. roots];
    }
}
