using System.Net.Security;

namespace Akka.Zab.Client;

/// <summary>How a <see cref="ZabClient"/> connects.</summary>
public sealed record ZabClientOptions
{
    /// <summary>
    /// The session timeout to ask for, at least 1 ms; the server grants it within its own bounds. Default 10 s.
    /// </summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the first connection is tried for, altogether, over all servers. Default 30 s.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one server has to answer before the next one is tried. Default 2 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The pauses of the first round over the servers when all are tried in vain, together. The next round has twice
    /// that, and so on up to <see cref="MaxRetryPause"/>; up to half of each pause is taken off by chance. The first
    /// attempt after a lost connection is made at once. Default 200 ms.
    /// </summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// What the pauses of a round grow to, but no more than a quarter of the session timeout. Default 2 s.
    /// </summary>
    public TimeSpan MaxRetryPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether the list of servers is tried in a random order; so clients spread over the servers. Default true.
    /// </summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Whether a server will do that has no leader and answers reads only, as long as no other takes this client; the
    /// servers need <c>akka.zab.read-only-mode</c> for it. It goes on with a new session as soon as one with a leader is
    /// found. A client that has a session of the ensemble waits for that instead. Default false.
    /// </summary>
    public bool AllowReadOnly { get; init; }

    /// <summary>
    /// The znode that is the root for this client, such as <c>/app</c>; it has to exist before anything can be created
    /// in it. Paths that the client gives and gets are relative to it. Default empty: the real root.
    /// </summary>
    public string Chroot { get; init; } = "";

    /// <summary>
    /// Over ZooKeeper's protocol: how to encrypt, with a client certificate if the server wants one. The name to check
    /// the server's certificate for is the host's, unless one is given. Default null: not encrypted.
    /// </summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>
    /// Who logs in with SASL's DIGEST-MD5, on each new connection before anything else; what servers that demand it
    /// (<c>sessionRequireClientSASLAuth</c>) need. If the first server refuses, to connect fails with
    /// <see cref="ZabError.AuthFailed"/>; one that does so later is left for the next. Default null: nobody.
    /// </summary>
    public SaslCredentials? Sasl { get; init; }

    /// <summary>
    /// Over ZooKeeper's protocol: the largest reply to accept, in bytes; a larger one ends the connection. Default 64
    /// MiB.
    /// </summary>
    public int MaxFrame { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many requests may be under way; later ones wait in this process. No more than the servers'
    /// <c>max-outstanding-requests</c>, which refuse what is beyond it. Default 5000.
    /// </summary>
    public int MaxOutstandingRequests { get; init; } = 5000;

    /// <summary>
    /// Credentials that are shown to every server, from the first on; as by <see cref="ZabClient.AddAuthAsync"/>. If
    /// they are refused, connecting fails with <see cref="AuthFailedException"/>. Default none.
    /// </summary>
    public IReadOnlyList<AddAuth> Credentials { get; init; } = [];

    /// <summary>The source of the order of servers and of the length of pauses.</summary>
    internal Random Random { get; init; } = Random.Shared;

    /// <summary>The clock.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;
}
