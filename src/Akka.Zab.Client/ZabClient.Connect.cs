using Akka.Actor;
using Akka.Configuration;
using Akka.Zab.Client.Transport;

namespace Akka.Zab.Client;

/// <summary>How a session is opened.</summary>
public sealed partial class ZabClient
{
    // Of a client that came without an actor system: nothing of it is seen outside.
    private static readonly Config OwnSystem = ConfigurationFactory.ParseString("""
        akka.loglevel = WARNING
        akka.stdout-loglevel = OFF
        akka.log-dead-letters = off
        akka.log-dead-letters-during-shutdown = off
        akka.coordinated-shutdown.run-by-clr-shutdown-hook = off
        """);

    /// <summary>Opens a session.</summary>
    /// <param name="system">The actor system to connect from.</param>
    /// <param name="servers">
    /// The servers' actor systems, such as <c>akka.tcp://zab@server1:4051</c>; empty for the member in
    /// <paramref name="system"/> itself.
    /// </param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellation">Gives the attempt up.</param>
    /// <exception cref="ArgumentException">An address is not one.</exception>
    /// <exception cref="OperationTimeoutException">
    /// No server was serving within <see cref="ZabClientOptions.ConnectTimeout"/>.
    /// </exception>
    /// <exception cref="AuthFailedException">The credentials of the options were refused.</exception>
    public static async Task<ZabClient> ConnectAsync(
        ActorSystem system, IEnumerable<string> servers, ZabClientOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(servers);
        options ??= new ZabClientOptions();
        var rotation = new ServerRotation(Roots(system, servers), options.Shuffle ? options.Random : null);
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
    /// <exception cref="OperationTimeoutException">
    /// No server was serving within <see cref="ZabClientOptions.ConnectTimeout"/>.
    /// </exception>
    /// <exception cref="AuthFailedException">The credentials of the options were refused.</exception>
    public static async Task<ZabClient> ConnectAsync(
        string connectString, ZabClientOptions? options = null, CancellationToken cancellation = default)
    {
        var parsed = ConnectString.Parse(connectString);
        options ??= new ZabClientOptions();
        if (parsed.Chroot.Length > 0) options = options with { Chroot = parsed.Chroot };
        var system = ActorSystem.Create("zab-client", OwnSystem);
        try
        {
            return await ConnectAsync(system, Wire(parsed.Servers, options), options, true, cancellation)
                .ConfigureAwait(false);
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Opens a session as <c>akka.zab.client</c> of an actor system's configuration says; <c>reference.conf</c> of this
    /// assembly explains each setting.
    /// </summary>
    /// <param name="system">The actor system to connect from.</param>
    /// <param name="cancellation">Gives the attempt up.</param>
    /// <exception cref="ConfigurationException">
    /// A setting is wrong or unknown; the message is one sentence that names it.
    /// </exception>
    /// <exception cref="OperationTimeoutException">No server was serving within <c>connect-timeout</c>.</exception>
    /// <exception cref="AuthFailedException">The credentials of <c>auth</c> were refused.</exception>
    public static Task<ZabClient> ConnectAsync(ActorSystem system, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        return ConnectAsync(system.Settings.Config, system, cancellation);
    }

    /// <summary>Opens a session as <c>akka.zab.client</c> of a configuration says.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="system">
    /// The actor system to connect from; null, with <c>transport = wire</c>, for one of the client's own.
    /// </param>
    /// <param name="cancellation">Gives the attempt up.</param>
    /// <exception cref="ConfigurationException">
    /// A setting is wrong or unknown; the message is one sentence that names it.
    /// </exception>
    /// <exception cref="OperationTimeoutException">No server was serving within <c>connect-timeout</c>.</exception>
    /// <exception cref="AuthFailedException">The credentials of <c>auth</c> were refused.</exception>
    public static Task<ZabClient> ConnectAsync(
        Config config, ActorSystem? system = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        var settings = ZabClientSettings.Read(config);
        if (!settings.OverTheWire)
        {
            return system is not null
                ? ConnectAsync(system, settings.Servers, settings.Options, cancellation)
                : throw new ConfigurationException(
                    $"{ZabClientSettings.Path}.transport = akka needs an actor system to connect from.");
        }
        return system is null
            ? ConnectAsync(string.Join(',', settings.Servers), settings.Options, cancellation)
            : ConnectAsync(
                system, Wire(settings.Servers, settings.Options), settings.Options, false, cancellation);
    }

    private static WireTransport Wire(IReadOnlyList<string> servers, ZabClientOptions options) =>
        new(new ServerRotation(servers, options.Shuffle ? options.Random : null), options);

    /// <summary>Opens a session over a transport.</summary>
    internal static async Task<ZabClient> ConnectAsync(
        ActorSystem system, ClientTransport transport, ZabClientOptions options, bool ownsSystem,
        CancellationToken cancellation)
    {
        var connected = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var hub = new WatchHub(options.Time);
        var calls = new CallQueue();
        var actor = system.ActorOf(
            Props.Create(typeof(ClientActor), transport, options, calls, connected, hub));
        ZabClient client;
        try
        {
            await connected.Task.WaitAsync(options.ConnectTimeout, options.Time, cancellation).ConfigureAwait(false);
            client = new ZabClient(
                actor, calls, hub, options.AttemptTimeout, ownsSystem ? system : null, transport.Telemetry);
        }
        catch (Exception e)
        {
            actor.Tell(new AbandonClient(), ActorRefs.NoSender);
            if (e is TimeoutException) throw ZabException.For(ZabError.OperationTimeout);
            throw;
        }
        try
        {
            foreach (var auth in options.Credentials)
                await client.AddAuthAsync(auth.Scheme, auth.Credentials, cancellation).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
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
