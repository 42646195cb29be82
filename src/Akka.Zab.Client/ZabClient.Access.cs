namespace Akka.Zab.Client;

/// <summary>Who may do what, and who this client is.</summary>
public sealed partial class ZabClient
{
    /// <summary>
    /// The ACL of a znode and its stat. Whoever may not change it sees of the ids of <c>digest</c> only the users.
    /// </summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<AclReply> GetAclAsync(string path, CancellationToken cancellation = default) =>
        await Ask<AclReply>(new GetAcl(path), path, cancellation).ConfigureAwait(false);

    /// <summary>Sets the ACL of a znode.</summary>
    /// <param name="path">The znode's absolute path.</param>
    /// <param name="acl">The new ACL; not empty.</param>
    /// <param name="version">The expected version of the ACL (<see cref="Stat.AclVersion"/>), or -1 for any.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <returns>The stat after it.</returns>
    /// <exception cref="NoNodeException">It does not exist.</exception>
    /// <exception cref="BadVersionException">Its ACL has another version.</exception>
    /// <exception cref="InvalidAclException">The ACL is empty, or not legal.</exception>
    /// <exception cref="ConnectionLossException">
    /// The ACL may have been set. With an expected version, a read tells: it was not if the version is still that one.
    /// </exception>
    /// <exception cref="ZabException">As for every call.</exception>
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
    /// <exception cref="AuthFailedException">They were refused; some servers end the connection, too.</exception>
    /// <exception cref="ConnectionLossException">
    /// The connection broke before the answer: they are not kept. To add them again does no harm.
    /// </exception>
    public Task AddAuthAsync(string scheme, byte[] credentials, CancellationToken cancellation = default) =>
        Ask<DoneReply>(new AddAuth(scheme, credentials), null, cancellation);

    /// <summary>What the server knows this connection by; of <c>digest</c> only the users' names.</summary>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="ZabException">As for every call.</exception>
    public async Task<IReadOnlyList<Identity>> WhoAmIAsync(CancellationToken cancellation = default) =>
        (await Ask<WhoAmIReply>(new WhoAmI(), null, cancellation).ConfigureAwait(false)).Identities;
}
