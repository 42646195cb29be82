using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>Open a session: a transaction. Answered by <see cref="SessionReply"/> when it has committed.</summary>
/// <param name="SessionId">Chosen by the server that the client is connected to: server id in the top byte.</param>
/// <param name="Secret">16 random bytes.</param>
/// <param name="TimeoutMs">The negotiated timeout.</param>
internal sealed record OpenSession(long SessionId, byte[] Secret, int TimeoutMs) : WriteRequest;

/// <summary>
/// Attach a session to the server that sends this. No transaction: the leader checks the secret, notes the new owner
/// and gives the session its full time. Answered by <see cref="SessionReply"/>, or by
/// <see cref="ZabError.SessionExpired"/>.
/// </summary>
internal sealed record ReattachSession(long SessionId, byte[] Secret, int TimeoutMs) : WriteRequest;

/// <summary>
/// Delete a znode whose time is over, if that is still so when it is this request's turn. The leader asks this itself.
/// </summary>
/// <param name="Path">A container or a znode with a time to live.</param>
/// <param name="MaxNeverUsedMs">How long a container may wait for its first child.</param>
internal sealed record Reap(string Path, long MaxNeverUsedMs) : WriteRequest;

/// <summary>The session is open or attached.</summary>
internal sealed record SessionReply(long SessionId, byte[] Secret, int TimeoutMs) : Reply;
