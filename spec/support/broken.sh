# shellcheck shell=sh disable=SC2154  # sources is the caller's
# broken.sh: for scripts that break the sources on purpose, one place at a time, to see that it is
# noticed. They read it with '.', set 'sources' to a folder with copies, and define
#   rebuild FILE        build what the broken file is in; $folder/log has the messages
#   notices FILE GATES  print who noticed; a status of 1 when nobody did
#   mend FILE           what rebuild changed is as before again, the source is already

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
wanted=${1:-} # part of the names of those to make
caught=0
lived=0

lives() {
    echo "$1: $2"
    lived=$((lived + 1))
}

mutant() { # name, file (.c may be left out), sed script, gates to ask first
    case $1 in *"$wanted"*) ;; *) return ;; esac
    case $2 in *.*) broken=$sources/$2 ;; *) broken=$sources/$2.c ;; esac
    cp "$broken" "$folder/whole"
    sed -i "$3" "$broken"
    if cmp -s "$folder/whole" "$broken"; then
        lives "NOT MADE" "$1"
    elif ! rebuild "$2"; then
        lives "NOT BUILT" "$1"
        cat "$folder/log"
    elif by=$(notices "$2" "${4:-}"); then
        echo "caught: $1: $by"
        caught=$((caught + 1))
    else
        lives LIVES "$1"
    fi
    cp "$folder/whole" "$broken"
    mend "$2"
}

# tell: the counts; a status of 1 when one lived.
tell() {
    echo "$caught caught, $lived lived"
    [ "$lived" -eq 0 ]
}
