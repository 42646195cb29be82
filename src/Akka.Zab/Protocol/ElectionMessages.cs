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
/// <param name="Settled">The version of the last configuration that it knows to be committed.</param>
/// <param name="IsAnswer">
/// Whether a server that is looking answers another by this. Of an answer only a vote that differs is worth another one;
/// two that have nothing to vote on would never end.
/// </param>
internal sealed record Notification(
    int Sender, ServerRole State, long Round, Vote Vote, long Version = 0, string? Config = null,
    long Settled = 0, bool IsAnswer = false) : IZabMessage;
