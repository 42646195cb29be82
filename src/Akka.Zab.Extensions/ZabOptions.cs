using System.Net.Security;
using System.Text;
using Akka.Zab.Client;

namespace Akka.Zab.Extensions;

/// <summary>
/// How an application reaches its ensemble: what <c>AddZabClient</c> binds from the configuration. Over ZooKeeper's
/// protocol with <see cref="ConnectionString"/>; over Akka's messages with <see cref="Servers"/>; with neither, it is
/// the member in the application's own <c>ActorSystem</c>, as <c>AddZabMember</c> registers it.
/// </summary>
public sealed class ZabOptions
{
    private static readonly ZabClientOptions Defaults = new();

    /// <summary>
    /// The servers as ZooKeeper's clients name them, such as <c>host1:2181,host2:2181/app</c>. What follows the slash
    /// is the chroot.
    /// </summary>
    public string? ConnectionString { get; set; }

    /// <summary>
    /// The servers' actor systems, such as <c>akka.tcp://zab@server1:4051</c>. Needs an <c>ActorSystem</c> with
    /// remoting among the services.
    /// </summary>
    public IList<string> Servers { get; set; } = [];

    /// <summary>The session timeout to ask for, at least 1 ms. Default 10 s.</summary>
    public TimeSpan SessionTimeout { get; set; } = Defaults.SessionTimeout;

    /// <summary>How long a connection is tried for before those who wait for it are told. Default 30 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = Defaults.ConnectTimeout;

    /// <summary>How long one server has to answer before the next one is tried. Default 2 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = Defaults.AttemptTimeout;

    /// <summary>
    /// The pause after every server was tried in vain; it grows from one to the next. Default 200 ms.
    /// </summary>
    public TimeSpan RetryPause { get; set; } = Defaults.RetryPause;

    /// <summary>What the pause does not grow beyond; at least <see cref="RetryPause"/>. Default 2 s.</summary>
    public TimeSpan MaxRetryPause { get; set; } = Defaults.MaxRetryPause;

    /// <summary>
    /// Credentials that are shown to each server, each as <c>scheme:credentials</c>, such as
    /// <c>digest:user:password</c>.
    /// </summary>
    public IList<string> Auth { get; set; } = [];

    /// <summary>
    /// Who logs in with SASL's DIGEST-MD5, on each new connection before anything else: what servers that demand it
    /// need. If they refuse, connecting fails with <see cref="AuthFailedException"/>. Default null: nobody.
    /// </summary>
    public ZabSaslOptions? Sasl { get; set; }

    /// <summary>
    /// Over ZooKeeper's protocol: whether to encrypt, and to trust whom the system trusts. For anything else set
    /// <see cref="ZabClientOptions.Tls"/> in <see cref="ConfigureClient"/>. Default false.
    /// </summary>
    public bool Tls { get; set; }

    /// <summary>The znode that is this client's root, such as <c>/app</c>. Default empty: the real root.</summary>
    public string Chroot { get; set; } = "";

    /// <summary>How many requests may be under way. Default 5000.</summary>
    public int MaxOutstandingRequests { get; set; } = Defaults.MaxOutstandingRequests;

    /// <summary>
    /// Whether the client connects when the host starts, and has a new session made when one has expired; if not, it
    /// connects when it is asked for. Default true.
    /// </summary>
    public bool ConnectOnStart { get; set; } = true;

    /// <summary>
    /// How long the start of the host waits for the first connection. After that, or with the default of zero at once,
    /// the host goes on without, and the client goes on trying.
    /// </summary>
    public TimeSpan StartTimeout { get; set; }

    /// <summary>Where the locks of <see cref="IZabLockProvider"/> are. Default <c>/locks</c>.</summary>
    public string LockPath { get; set; } = "/locks";

    /// <summary>
    /// From code only: changes how the client connects, for what has no key, such as
    /// <see cref="ZabClientOptions.Tls"/>.
    /// </summary>
    public Func<ZabClientOptions, ZabClientOptions>? ConfigureClient { get; set; }

    internal ZabClientOptions ToClientOptions()
    {
        var options = new ZabClientOptions
        {
            SessionTimeout = SessionTimeout,
            ConnectTimeout = ConnectTimeout,
            AttemptTimeout = AttemptTimeout,
            RetryPause = RetryPause,
            MaxRetryPause = MaxRetryPause,
            Credentials = [.. Auth.Select(Credentials)],
            Sasl = Sasl is null or { User.Length: 0, Password.Length: 0 }
                ? null
                : new SaslCredentials(Sasl.User, Sasl.Password),
            Tls = Tls ? new SslClientAuthenticationOptions() : null,
            Chroot = Chroot,
            MaxOutstandingRequests = MaxOutstandingRequests,
        };
        return ConfigureClient?.Invoke(options) ?? options;
    }

    private static AddAuth Credentials(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new AddAuth(text[..colon], Encoding.UTF8.GetBytes(text[(colon + 1)..]));
    }
}

/// <summary>Who logs in with SASL: a user and a password, or neither.</summary>
public sealed class ZabSaslOptions
{
    /// <summary>The user's name.</summary>
    public string User { get; set; } = "";

    /// <summary>The password. It is in no log, and in no sentence about what is wrong.</summary>
    public string Password { get; set; } = "";

    /// <summary>Without the password: what is printed may be logged.</summary>
    public override string ToString() => $"{nameof(ZabSaslOptions)} {{ {nameof(User)} = {User} }}";
}
