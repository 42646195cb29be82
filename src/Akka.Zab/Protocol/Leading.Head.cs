namespace Akka.Zab.Protocol;

/// <summary>
/// The head and the committed tree are made by the same transactions, but beside each other: what either has touched since
/// the head began, both have for themselves, which after a while is everything. So the head begins anew now and then, from
/// the committed tree and the little that was proposed since.
/// </summary>
internal sealed partial class Leading
{
    private long proposedBytes;
    private bool renewing;

    private void RenewHeadNowAndThen(int bytes)
    {
        proposedBytes += bytes;
        if (renewing || proposedBytes < Settings.RenewHeadAfter)
            return;
        renewing = true;
        Peer.AskTree(tree =>
        {
            (renewing, proposedBytes) = (false, 0);
            if (proposer is not null && tree.LastZxid >= History.Log.Base)
                proposer.Renew(tree, History.Log.Between(tree.LastZxid, History.LastZxid));
        });
    }
}
