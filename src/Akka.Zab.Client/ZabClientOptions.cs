namespace Akka.Zab.Client;

/// <summary>How a <see cref="ZabClient"/> connects.</summary>
public sealed record ZabClientOptions
{
    /// <summary>
    /// The session timeout to ask for, at least 1 ms; the server grants it within its own bounds. Default 10 s.
    /// </summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long <see cref="ZabClient.ConnectAsync"/> tries altogether, over all servers. Default 30 s.
    /// </summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one server has to answer before the next one is tried. Default 2 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The pause after every server of the list was tried in vain. Default 200 ms.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Whether the list of servers is tried in a random order; so clients spread over the servers. Default true.
    /// </summary>
    public bool Shuffle { get; init; } = true;
}
