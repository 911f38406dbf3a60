# complete.bash SCRIPT LINE...: load the completion script, and print for each line what the words of
# its end can become, on one line. Words are split as readline does: at blanks, and "=" is a word.
source "$1" || exit
shift
[[ $(complete -p googlemeet) == 'complete -F _googlemeet googlemeet' ]] || exit
for line; do
    read -ra COMP_WORDS <<<"${line//=/ = }"
    [[ $line != *' ' ]] || COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _googlemeet
    echo "${COMPREPLY[*]}"
done
