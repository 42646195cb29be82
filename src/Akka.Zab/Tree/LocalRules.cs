using Akka.Zab.Client;

namespace Akka.Zab.Tree;

/// <summary>
/// What a local session, one that only its server knows, cannot do: nothing that belongs to it may stand in the tree,
/// because no transaction would take it away when the session ends.
/// </summary>
internal static class LocalRules
{
    /// <summary>Whether the request makes an ephemeral znode, by itself or in one of its parts.</summary>
    public static bool MakesEphemeral(WriteRequest request)
    {
        switch (request)
        {
            case Create create:
                return create.Mode.IsEphemeral();
            case Multi multi:
                for (var i = 0; i < multi.Operations.Count; i++)
                {
                    if (multi.Operations[i] is Create part && part.Mode.IsEphemeral())
                        return true;
                }

                return false;
            default:
                return false;
        }
    }
}
