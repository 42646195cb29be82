using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// What a local session, one that only its server knows, cannot do: nothing that belongs to it may stand in the tree,
/// because no transaction would take it away when the session ends.
/// </summary>
internal static class LocalRules
{
    /// <summary>
    /// The answer to a request of a local session that makes an ephemeral znode, by itself or as a part of it; null for
    /// one that it may make.
    /// </summary>
    public static Reply? Refusal(WriteRequest request)
    {
        var first = FirstEphemeral(request);
        if (first < 0)
            return null;
        return request is Multi multi
            ? MultiReply.Failed(multi.Operations.Count, first, ZabError.EphemeralOnLocalSession)
            : new ErrorReply(ZabError.EphemeralOnLocalSession);
    }

    // Of a request that stands alone the first and only part is 0.
    private static int FirstEphemeral(WriteRequest request)
    {
        switch (request)
        {
            case Create create:
                return create.Mode.IsEphemeral() ? 0 : -1;
            case Multi multi:
                for (var i = 0; i < multi.Operations.Count; i++)
                {
                    if (multi.Operations[i] is Create part && part.Mode.IsEphemeral())
                        return i;
                }

                return -1;
            default:
                return -1;
        }
    }
}
