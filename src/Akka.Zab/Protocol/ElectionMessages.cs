using Akka.Zab.Client;

namespace Akka.Zab.Protocol;

/// <summary>
/// A server's vote. Idempotent: it says how things stand with the sender, may be lost or repeated, and is sent again
/// while the sender is looking for a leader.
/// </summary>
/// <param name="Sender">The server that says so.</param>
/// <param name="State">What the sender does.</param>
/// <param name="Round">The election that the sender takes or last took part in.</param>
/// <param name="Vote">Whom it votes for or, when it is not looking any more, whom it follows.</param>
/// <param name="Version">The version of the last configuration of the ensemble in its history.</param>
/// <param name="Config">That configuration in ZooKeeper's text, to one that does not have it; otherwise null.</param>
internal sealed record Notification(
    int Sender, ServerRole State, long Round, Vote Vote, long Version = 0, string? Config = null) : IZabMessage;
